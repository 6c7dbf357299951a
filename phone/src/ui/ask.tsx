/** The questions of a round, one at a time; those whose condition does not hold are not asked. */

import { useState } from "preact/hooks";
import { type Pending, saveMark } from "../rounds/marking";
import { askedOf, decimalOf, faultOf, isDanger, kept } from "../rounds/questions";
import type { Answer, Answers, Question } from "../wire";
import { Frame } from "./frame";
import { Button, Choices, Field, useHouse } from "./kit";
import { LifePanel } from "./life";

export function Ask({ pending }: { pending: Pending }) {
  const { phone, way, say } = useHouse();
  const [answers, setAnswers] = useState<Answers>({});
  const [at, setAt] = useState(0);
  const [tried, setTried] = useState(false);
  const { questions } = pending.round;
  const asked = askedOf(questions, answers);
  const question = asked[Math.min(at, asked.length - 1)];
  const fault = question ? faultOf(question, answers[question.code]) : null;
  const last = at >= asked.length - 1;
  const next = async () => {
    setTried(fault !== null);
    if (fault !== null) return;
    if (!last) return setAt(at + 1);
    if (!(await saveMark(phone, pending, "done", "", kept(questions, answers)))) return;
    phone.tell({ key: "saved_of", values: { who: pending.label }, tone: "calm" });
    way.back();
  };
  const answer = (value: Answer) => {
    if (question) setAnswers({ ...answers, [question.code]: value });
    setTried(false);
  };
  return (
    <Frame
      title={pending.label}
      main={
        <div class="row two">
          {at > 0 && <Button label={say("question_before")} kind="quiet" press={() => setAt(at - 1)} />}
          <Button label={say(last ? "save" : "next")} icon={last ? "check" : "send"} big press={next} />
        </div>
      }
    >
      <p class="dim num">
        {say("question_of", { n: Math.min(at, asked.length - 1) + 1, all: asked.length })}
      </p>
      {question && (
        <Asked
          key={question.code}
          question={question}
          value={answers[question.code]}
          answer={answer}
          error={
            tried && fault ? say(fault, { min: question.min ?? "", max: question.max ?? "" }) : undefined
          }
        />
      )}
      {isDanger(questions, answers) && <LifePanel />}
    </Frame>
  );
}

interface AskedProps {
  question: Question;
  value: Answer | undefined;
  answer: (value: Answer) => void;
  error: string | undefined;
}

function Asked({ question, value, answer, error }: AskedProps) {
  const { say } = useHouse();
  const label = question.unit ? `${question.text} (${question.unit})` : question.text;
  switch (question.type) {
    case "yes_no":
      return (
        <Choices
          label={label}
          name={question.code}
          choices={[
            { value: "true", label: say("yes") },
            { value: "false", label: say("no") },
          ]}
          chosen={typeof value === "boolean" ? [String(value)] : []}
          choose={chosen => answer(chosen === "true")}
          error={error}
        />
      );
    case "choice":
    case "choices": {
      const many = question.type === "choices";
      const chosen = Array.isArray(value) ? value : typeof value === "string" ? [value] : [];
      const toggled = (one: string) =>
        chosen.includes(one) ? chosen.filter(other => other !== one) : [...chosen, one];
      return (
        <Choices
          label={label}
          name={question.code}
          choices={question.choices.map(({ code, text }) => ({ value: code, label: text }))}
          chosen={chosen}
          choose={one => answer(many ? toggled(one) : one)}
          many={many}
          error={error}
        />
      );
    }
    case "number":
    case "temperature":
      return (
        <Field
          label={label}
          hint={limits(question, say)}
          value={String(value ?? "")}
          change={typed => answer(decimalOf(typed))}
          mode="decimal"
          most={12}
          error={error}
          focus
        />
      );
    default:
      return (
        <Field label={label} value={String(value ?? "")} change={answer} lines={2} error={error} focus />
      );
  }
}

function limits({ min, max }: Question, say: ReturnType<typeof useHouse>["say"]): string | undefined {
  return min !== null && max !== null ? say("between", { min, max }) : undefined;
}
