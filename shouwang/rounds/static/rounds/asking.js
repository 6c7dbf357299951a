/* Questions that hang on an answer are shown when it is given, and fields of a card when its type has them. Without this all are shown, each with its condition;
   the server looks at the conditions itself and leaves out what was not to be asked. */
(() => {
  "use strict";
  const given = (form, name) => {
    const fields = [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
    const chosen = (field) => (field.tagName === "SELECT" || field.checked) && !field.closest("[hidden]");
    const found = fields.filter(chosen).map((field) => field.value);
    return found.length ? found : [""];
  };
  const show = (form) => {
    for (const part of form.querySelectorAll("[data-source]")) {
      const answers = given(form, part.dataset.source);
      const wanted = JSON.parse(part.dataset.values ?? part.dataset.unless);
      const meant = answers.some((answer) => wanted.includes(answer));
      part.hidden = part.dataset.values ? !meant : meant;
    }
  };
  for (const form of document.querySelectorAll("form[data-asking]")) {
    form.classList.add("asking-live");
    form.addEventListener("change", () => show(form));
    show(form);
  }
})();
