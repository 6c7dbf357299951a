/** Says a figure aloud where this phone has a voice; silence is never an error. */

export function speak(text: string, language: string): void {
  try {
    const voice = globalThis.speechSynthesis;
    if (!voice) return;
    voice.cancel();
    const words = new SpeechSynthesisUtterance(text);
    words.lang = language.startsWith("zh") ? "zh-CN" : "en-GB";
    voice.speak(words);
  } catch {
    // No voice here.
  }
}
