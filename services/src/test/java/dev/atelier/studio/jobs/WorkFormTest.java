package dev.atelier.studio.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.kernel.Fault;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkFormTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static ObjectNode asked(String more) throws Exception {
    ObjectNode asked = (ObjectNode) JSON.readTree(
        "{\"name\": \"nightly\", \"path\": \"a/work.ipynb\", \"instanceType\": \"ml.m5.large\", \"kernel\": \"python3\"}");
    asked.setAll((ObjectNode) JSON.readTree(more));
    return asked;
  }

  @Test
  void parametersAreWhatPythonCanSet() throws Exception {
    assertThat(WorkForm.read(asked("{\"parameters\": {\"_x1\": \"a\", \"größe\": 2.5, \"really\": true, \"match\": \"\"}}"))
        .parameters()).isEqualTo(Map.of("_x1", "a", "größe", "2.5", "really", "true", "match", ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1st", "a b", "a-b", "a.b", "lambda", "None", "x=1", "x\\n", "\\u0000"})
  void parametersThatPythonCannotSetAreRefused(String name) throws Exception {
    ObjectNode asked = asked("{\"parameters\": {\"" + name + "\": \"1\"}}");
    assertThatThrownBy(() -> WorkForm.read(asked)).isInstanceOf(Fault.class)
        .hasMessageStartingWith("A parameter cannot be called ");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
      "{\"parameters\": {\"x\": null}}         | The value of x in parameters must be",
      "{\"parameters\": {\"x\": \"a\\u0000\"}} | The value of x in parameters must be",
      "{\"environment\": {\"X\": null}}        | The value of X in environment must be",
      "{\"environment\": {\"X\": \"\\u0000\"}} | The value of X in environment must be",
      "{\"environment\": {\"X\": []}}          | The value of X in environment must be",
      "{\"environment\": \"X\"}                | environment must be an object.",
      "{\"kmsKeys\": \"key\"}                  | kmsKeys must be an object.",
      "{\"kmsKeys\": {\"input\": \"key\"}}     | A notebook job has no kmsKeys.input.",
      "{\"vpc\": {\"subnets\": \"subnet-1\"}}  | subnets must be a list",
      "{\"vpc\": {\"subnets\": [{}]}}          | subnets must be a list",
      "{\"parameter\": {}}                     | A notebook job has no parameter."})
  void whatIsNotUnderstoodIsRefusedByName(String more, String words) throws Exception {
    ObjectNode asked = asked(more);
    assertThatThrownBy(() -> WorkForm.read(asked)).isInstanceOf(Fault.class).hasMessageStartingWith(words);
  }

  @Test
  void whatAnAnswerHadMayBeSentBack() throws Exception {
    Work work = WorkForm.read(asked("{\"id\": \"1\", \"image\": \"other\", \"input\": \"s3://other/\", \"nextRun\": \"\"}"));
    assertThat(work.image()).isEmpty();
    assertThat(work.input()).isEmpty();
  }
}
