/** Questions of a round: which are asked, and whether an answer will do. */

import type { Answer, Answers, Question } from "../wire";

export type Fault = "answer_missing" | "answer_no_number" | "answer_too_low" | "answer_too_high";

/** Those that are asked, given what was answered so far. One whose condition is not asked itself does not hold. */
export function askedOf(questions: Question[], answers: Answers): Question[] {
  const asked: Question[] = [];
  for (const question of questions) {
    const { when } = question;
    const before = when && asked.find(one => one.code === when.code);
    if (!when || (before && holds(answers[when.code], when.is))) asked.push(question);
  }
  return asked;
}

function holds(answer: Answer | undefined, is: (string | boolean)[]): boolean {
  if (answer === undefined) return false;
  const given = Array.isArray(answer) ? answer : [answer];
  return given.some(one => is.some(wanted => plain(wanted) === plain(one)));
}

/** A yes is a yes, whether it is written as a truth or as a word. */
function plain(value: string | boolean): string {
  const text = String(value);
  return text === "yes" ? "true" : text === "no" ? "false" : text;
}

/** Whether anything that was answered is danger to life, by the rules of the round. */
export function isDanger(questions: Question[], answers: Answers): boolean {
  return askedOf(questions, answers).some(({ code, life, life_from }) => {
    const answer = answers[code];
    if (holds(answer, life ?? [])) return true;
    const number = typeof answer === "string" && answer !== "" ? Number(answer) : Number.NaN;
    return typeof life_from === "number" && number >= life_from;
  });
}

/** Digits as one types them on a Chinese keyboard, made plain: "３７，２" is 37.2. */
export function decimalOf(typed: string): string {
  return typed
    .normalize("NFKC")
    .trim()
    .replace(/[,，。]/g, ".");
}

export function faultOf(question: Question, answer: Answer | undefined): Fault | null {
  const empty = answer === undefined || answer === "" || (Array.isArray(answer) && answer.length === 0);
  if (empty) return question.required ? "answer_missing" : null;
  if (question.type !== "number" && question.type !== "temperature") return null;
  const text = String(answer);
  if (!/^-?\d+(\.\d+)?$/.test(text)) return "answer_no_number";
  const value = Number(text);
  if (question.min !== null && value < question.min) return "answer_too_low";
  if (question.max !== null && value > question.max) return "answer_too_high";
  return null;
}

/** What is sent: answers of asked questions alone, without empty ones. */
export function kept(questions: Question[], answers: Answers): Answers {
  const found: Answers = {};
  for (const { code } of askedOf(questions, answers)) {
    const answer = answers[code];
    if (answer !== undefined && answer !== "" && !(Array.isArray(answer) && answer.length === 0))
      found[code] = answer;
  }
  return found;
}
