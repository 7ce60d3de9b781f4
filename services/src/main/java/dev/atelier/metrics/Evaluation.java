package dev.atelier.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.DoublePredicate;

/**
 * M out of N: what the latest values mean for an alarm. More values than N are looked at: when some are missing, older
 * ones stand in for them; only what still lacks is treated as the alarm says. The rules and their tables are those of
 * "Configuring how CloudWatch alarms treat missing data".
 *
 * @param needed how many values must breach (M)
 * @param periods over how many values (N)
 */
record Evaluation(int needed, int periods, Missing missing, DoublePredicate breaches) {
  /** How many older values are looked at when newer ones are missing. */
  static final int SPARE = 2;

  /** How a value that is not there is treated. */
  enum Missing { MISSING, IGNORE, BREACHING, NOT_BREACHING }

  /** A value of one period; {@code values} of several are in order of time. */
  record Slot(long second, OptionalDouble value) {}

  /**
   * What was decided.
   *
   * @param used the values that counted, newest first
   * @param filled how many values had to be made up
   */
  record Decision(AlarmState state, List<Slot> used, int filled, int breaching) {}

  /**
   * Decides.
   *
   * @param slots the latest N + {@value #SPARE} periods, in order of time
   * @param present the state until now
   */
  Decision decide(List<Slot> slots, AlarmState present) {
    List<Slot> used = new ArrayList<>();
    for (Slot slot : slots.reversed()) {
      if (slot.value().isPresent() && used.size() < periods) {
        used.add(slot);
      }
    }
    int breaching = (int) used.stream().filter(slot -> breaches.test(slot.value().getAsDouble())).count();
    int filled = periods - used.size();
    AlarmState state = filled == 0
        ? (breaching >= needed ? AlarmState.ALARM : AlarmState.OK)
        : incomplete(slots, used.size(), breaching, present);
    return new Decision(state, used, filled, breaching);
  }

  private AlarmState incomplete(List<Slot> slots, int real, int breaching, AlarmState present) {
    int filled = periods - real;
    if (breaching >= needed) {
      return AlarmState.ALARM;
    }
    return switch (missing) {
      case BREACHING -> breaching + filled >= needed ? AlarmState.ALARM : AlarmState.OK;
      case NOT_BREACHING -> AlarmState.OK;
      case IGNORE -> real > breaching ? AlarmState.OK : present;
      case MISSING -> {
        if (real > breaching) {
          yield AlarmState.OK;
        }
        yield breaching > 0 && ageOfOldest(slots) >= needed ? AlarmState.ALARM : AlarmState.INSUFFICIENT_DATA;
      }
    };
  }

  /** How many periods ago the oldest value lies, the latest period being 1. */
  private static int ageOfOldest(List<Slot> slots) {
    for (int i = 0; i < slots.size(); i++) {
      if (slots.get(i).value().isPresent()) {
        return slots.size() - i;
      }
    }
    return 0;
  }
}
