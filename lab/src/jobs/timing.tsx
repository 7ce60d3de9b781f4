import { text } from "../texts";
import { DAYS, expressionOf, INTERVALS, type Timing } from "./jobs";

/** Whether a job runs once now, or when it runs again. */
export function TimingFields({ timing, change }: { timing: Timing | undefined; change: (timing: Timing) => void }) {
  if (!timing) {
    return null;
  }
  const set = (changed: Partial<Timing>) => change({ ...timing, ...changed });
  const { interval } = timing;
  return (
    <>
      <label>
        <span>{text("jobs.interval")}</span>
        <select value={interval} onChange={(event) => set({ interval: event.target.value as Timing["interval"] })}>
          {INTERVALS.map((each) => (
            <option key={each} value={each}>
              {text(`jobs.every.${each}`)}
            </option>
          ))}
        </select>
      </label>
      {interval === "hour" && (
        <label>
          <span>{text("jobs.minute")}</span>
          <input
            className="atelier-field"
            type="number"
            min={0}
            max={59}
            value={timing.minute}
            onChange={(event) => set({ minute: Number(event.target.value) })}
          />
        </label>
      )}
      {interval === "week" && (
        <label>
          <span>{text("jobs.weekday")}</span>
          <select value={timing.weekday} onChange={(event) => set({ weekday: event.target.value as Timing["weekday"] })}>
            {DAYS.map((day) => (
              <option key={day} value={day}>
                {text(`jobs.days.${day}`)}
              </option>
            ))}
          </select>
        </label>
      )}
      {interval === "month" && (
        <label>
          <span>{text("jobs.day")}</span>
          <input
            className="atelier-field"
            type="number"
            min={1}
            max={31}
            value={timing.day}
            onChange={(event) => set({ day: Number(event.target.value) })}
          />
        </label>
      )}
      {["day", "weekday", "week", "month"].includes(interval) && (
        <label>
          <span>{text("jobs.time")}</span>
          <input
            className="atelier-field"
            type="time"
            value={timing.time}
            onChange={(event) => set({ time: event.target.value || timing.time })}
          />
        </label>
      )}
      {interval === "custom" && (
        <label>
          <span>{text("jobs.expression")}</span>
          <input
            className="atelier-field"
            placeholder="cron(0 8 ? * MON-FRI *)"
            value={timing.expression}
            onChange={(event) => set({ expression: event.target.value })}
          />
        </label>
      )}
      <p className="atelier-note">
        {text("jobs.inUtc")} {interval !== "custom" && <code>{expressionOf(timing)}</code>}
      </p>
    </>
  );
}
