package dev.atelier.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.kernel.Fault;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AlarmRuleTest {
  private static final Map<String, AlarmState> STATES = Map.of("a", AlarmState.ALARM, "b", AlarmState.OK,
      "my alarm", AlarmState.INSUFFICIENT_DATA, "arn:aws:cloudwatch:us-east-1:123456789012:alarm:x", AlarmState.ALARM);

  @ParameterizedTest
  @CsvSource({"ALARM(a), true", "ALARM(b), false", "OK(b) AND ALARM(a), true", "NOT ALARM(a) OR ALARM(b), false",
    "ALARM(b) OR ALARM(a) AND OK(b), true", "(ALARM(b) OR ALARM(a)) AND ALARM(b), false", "TRUE, true",
    "NOT FALSE AND TRUE, true", "INSUFFICIENT_DATA(\"my alarm\"), true",
    "ALARM(arn:aws:cloudwatch:us-east-1:123456789012:alarm:x), true", "NOT NOT ALARM(a), true"})
  void holds(String rule, boolean expected) {
    assertThat(AlarmRule.parse(rule).holds(STATES::get)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ALARM", "ALARM()", "ALARM(a) ALARM(b)", "ALARM(a) AND", "(ALARM(a)", "a OR b",
    "alarm(a)", "ALARM(a))"})
  void refuses(String rule) {
    assertThatThrownBy(() -> AlarmRule.parse(rule)).isInstanceOf(Fault.class);
  }

  @Test
  void nestingIsBounded() {
    assertThatThrownBy(() -> AlarmRule.parse("(".repeat(5_000) + "TRUE")).isInstanceOf(Fault.class);
  }
}
