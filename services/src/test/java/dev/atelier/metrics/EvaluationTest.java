package dev.atelier.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tables of AWS's guide: 0 does not breach, X breaches, - is missing; the latest value stands last. */
class EvaluationTest {
  @ParameterizedTest
  @CsvSource({
    // three of three
    "3, 0-X-X, OK, OK, OK, OK",
    "3, 0----, OK, OK, OK, OK",
    "3, -----, INSUFFICIENT_DATA, RETAIN, ALARM, OK",
    "3, 0XX-X, ALARM, ALARM, ALARM, ALARM",
    "3, --X--, ALARM, RETAIN, ALARM, OK",
    // two of three
    "2, 0-X-X, ALARM, ALARM, ALARM, ALARM",
    "2, 00X0X, ALARM, ALARM, ALARM, ALARM",
    "2, 0-X--, OK, OK, ALARM, OK",
    "2, ----0, OK, OK, ALARM, OK",
    "2, ---X-, ALARM, RETAIN, ALARM, OK",
    // nothing is missing: the latest three count
    "3, XX0XX, OK, OK, OK, OK",
    "1, 000X0, ALARM, ALARM, ALARM, ALARM",
    "1, X0000, OK, OK, OK, OK",
  })
  void decidesAsTheTablesSay(int needed, String values, String missing, String ignore, String breaching,
      String notBreaching) {
    assertThat(decide(needed, values, Evaluation.Missing.MISSING)).isEqualTo(missing);
    assertThat(decide(needed, values, Evaluation.Missing.IGNORE)).isEqualTo(ignore);
    assertThat(decide(needed, values, Evaluation.Missing.BREACHING)).isEqualTo(breaching);
    assertThat(decide(needed, values, Evaluation.Missing.NOT_BREACHING)).isEqualTo(notBreaching);
  }

  /** The decision, or RETAIN when the state stays whatever it was. */
  private static String decide(int needed, String values, Evaluation.Missing missing) {
    List<Evaluation.Slot> slots = new ArrayList<>();
    for (int i = 0; i < values.length(); i++) {
      slots.add(new Evaluation.Slot(i * 60L, switch (values.charAt(i)) {
        case '0' -> OptionalDouble.of(0);
        case 'X' -> OptionalDouble.of(9);
        default -> OptionalDouble.empty();
      }));
    }
    Evaluation evaluation = new Evaluation(needed, 3, missing, value -> value > 5);
    AlarmState fromOk = evaluation.decide(slots, AlarmState.OK).state();
    AlarmState fromAlarm = evaluation.decide(slots, AlarmState.ALARM).state();
    return fromOk == AlarmState.OK && fromAlarm == AlarmState.ALARM ? "RETAIN" : fromOk.name();
  }
}
