package dev.atelier.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FailureTextTest {
  private static final String TOOLKIT = "ExecuteUserScriptError:\nExitCode 1\nErrorMessage \"\"\nCommand \"python fit.py\"";

  @Test
  void theToolkitsEmptyMessageTakesTheScriptsOwnError() {
    String text = FailureText.of(1, false, Optional.of(TOOLKIT), List.of("Traceback (most recent call last):",
        "KeyError: 'no such column'", "2026-01-01 toolkit ERROR    ExecuteUserScriptError:"));

    assertThat(text).startsWith("AlgorithmError: ExecuteUserScriptError:\nExitCode 1\n"
        + "ErrorMessage \"KeyError: 'no such column'\"\nCommand");
  }

  @Test
  void theFailureFileWins() {
    assertThat(FailureText.of(2, false, Optional.of(" the label is missing \n"), List.of("ValueError: other")))
        .isEqualTo("AlgorithmError: the label is missing, exit code: 2");
  }

  @Test
  void withoutAFileTheLogExplains() {
    String text = FailureText.of(1, false, Optional.empty(), List.of("epoch 1", "ModuleNotFoundError: No module named 'x'"));

    assertThat(text).startsWith("AlgorithmError: The program ended with an error. Cause: ModuleNotFoundError: "
        + "No module named 'x'. Add the module to requirements.txt in the source folder, exit code: 1")
        .endsWith("epoch 1\nModuleNotFoundError: No module named 'x'");
  }

  @Test
  void aSignalIsNamed() {
    assertThat(FailureText.of(139, false, Optional.empty(), List.of())).contains("signal 11 (SIGSEGV)");
    assertThat(FailureText.of(137, true, Optional.empty(), List.of())).contains("more memory than its instance type");
  }

  @Test
  void noReasonIsLongerThanAwsAllows() {
    List<String> lines = Collections.nCopies(100, "a line of a hundred characters or so".repeat(3));

    assertThat(FailureText.of(1, false, Optional.empty(), lines)).hasSize(1024);
    assertThat(FailureText.of(1, false, Optional.of("x".repeat(5000)), lines)).hasSize(1024);
  }
}
