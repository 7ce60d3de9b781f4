package dev.atelier.logs.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.kernel.Fault;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilterPatternTest {
  private static final String JSON = """
      {"level": "ERROR", "code": 404, "user": {"name": "ann", "id": null}, "ok": true, "tags": ["x", "y"],
       "items": [{"id": 1}, {"id": 7}]}""";
  private static final String LINE = "10.0.0.1 ann [21/Nov/2026 10:00:00] \"GET /a b HTTP/1.1\" 404 1534";

  @ParameterizedTest
  @CsvSource({"ERROR, ERROR one, true", "ERROR, error one, false", "a b, b and a, true", "?x ?y, has y, true",
    "?x ?y, none, false", "a -b, a c, true", "a -b, a b, false", "%4\\d\\d%, status 404, true",
    "%^4\\d\\d%, status 404, false", "'', anything, true"})
  void terms(String pattern, String message, boolean expected) {
    assertThat(FilterPattern.parse(pattern).matches(message)).isEqualTo(expected);
  }

  @Test
  void quotesHoldSpaces() {
    assertThat(FilterPattern.parse("\"hello cruel\"").matches("hello cruela")).isTrue();
    assertThat(FilterPattern.parse("\"hello cruel\"").matches("cruel hello")).isFalse();
    assertThat(FilterPattern.parse("\"say \\\"hi\\\"\"").matches("I say \"hi\"")).isTrue();
  }

  @ParameterizedTest
  @CsvSource(delimiter = ';', value = {
    "{ $.level = \"ERROR\" }; true", "{ $.level = ERROR }; true", "{ $.level = \"ERR*\" }; true",
    "{ $.level != \"ERROR\" }; false", "{ $.level = \"*RR\" }; false", "{ $.code = 404 }; true", "{ $.code >= 400 && $.code < 500 }; true",
    "{ $.code > 404 }; false", "{ $.code = 4* }; true", "{ $.user.name = ann }; true", "{ $.user.id IS NULL }; true",
    "{ $.user.mail NOT EXISTS }; true", "{ $.user.mail EXISTS }; false", "{ $.user.name EXISTS }; true",
    "{ $.ok IS TRUE }; true", "{ $.ok IS FALSE }; false", "{ $.tags[0] = x }; true", "{ $.tags[1] = x }; false",
    "{ $.tags[*] = y }; true", "{ $.items[*].id = 7 }; true", "{ ($.code = 1 || $.code = 404) && $.level = \"E*\" }; true",
    "{ $.level = %^ERR% }; true", "{ $.level = %^RR% }; false", "{ $.nothing = 1 }; false", "{ $.nothing != 1 }; false"})
  void members(String pattern, boolean expected) {
    assertThat(FilterPattern.parse(pattern).matches(JSON)).isEqualTo(expected);
    assertThat(FilterPattern.parse(pattern).matches("no JSON")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(delimiter = ';', value = {
    "[ip, user, time, request, status, bytes]; true", "[ip, user, time, request, status=4*, bytes]; true",
    "[ip, user, time, request, status=5*, bytes]; false", "[ip, ..., status = 404, bytes > 1000]; true",
    "[ip, ..., bytes > 2000]; false", "[..., status = 5* || status = 4*, bytes]; true", "[ip, user]; false",
    "[ip, user = ann, ...]; true", "[ip, user != ann, ...]; false", "[ip = %^10\\.%, ...]; true",
    "[ip, user, time, request = *HTTP*, ...]; true"})
  void columns(String pattern, boolean expected) {
    assertThat(FilterPattern.parse(pattern).matches(LINE)).isEqualTo(expected);
  }

  @Test
  void extracts() {
    assertThat(FilterPattern.parse("[ip, ..., status, bytes]").match(LINE))
        .hasValue(Map.of("$ip", "10.0.0.1", "$status", "404", "$bytes", "1534"));
    assertThat(FilterPattern.parse("{ $.code > 1 }").match(JSON)).hasValue(Map.of("$.code", "404"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "{ }", "{ $.a }", "{ a = 1 }", "{ $.a > x }", "{ $.a = 1 } rest", "[", "[a=]", "[a > x]",
    "{ $.a = %(% }", "{ $.a IS MAYBE }", "[..., a, ...]", "\"unclosed", "a -\"unclosed"})
  void refuses(String pattern) {
    assertThatThrownBy(() -> FilterPattern.parse(pattern)).isInstanceOfSatisfying(Fault.class,
        fault -> assertThat(fault.code()).isEqualTo("InvalidParameterException"));
  }
}
