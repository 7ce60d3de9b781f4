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
  void whatEndedWithoutAnExceptionIsExplained() {
    assertThat(FailureText.of(2, false, Optional.of(TOOLKIT), List.of("usage: fit.py [-h]",
        "fit.py: error: argument --depth: invalid int value: 'x'")))
        .contains("ErrorMessage \"fit.py: error: argument --depth: invalid int value: 'x'\"");
    assertThat(FailureText.of(2, false, Optional.of(TOOLKIT), List.of(
        "/opt/venv/bin/python: can't open file '/opt/ml/code/fit.py': [Errno 2] No such file or directory")))
        .contains("can't open file '/opt/ml/code/fit.py'");
    assertThat(FailureText.of(137, true, Optional.of(TOOLKIT), List.of()))
        .startsWith("AlgorithmError: The program used more memory than its instance type has and was ended. Execute");
    assertThat(FailureText.of(137, false, Optional.empty(), List.of("atelier: No space left: the writable folders passed"
        + " the limit of 1073741824 bytes; the host was ended"))).contains("Cause: No space left: the writable folders")
        .contains("Choose a larger VolumeSizeInGB");
  }

  @Test
  void whatPipCouldNotInstallIsNamed() {
    String toolkit = "InstallRequirementsError:\nExitCode 1\nErrorMessage \"\"\nCommand \"pip install\"";
    assertThat(FailureText.of(1, false, Optional.of(toolkit), List.of(
        "ERROR: Could not find a version that satisfies the requirement nothing==9.9 (from versions: none)",
        "ERROR: No matching distribution found for nothing==9.9",
        "2026-01-01 toolkit ERROR    InstallRequirementsError:", "ExitCode 1")))
        .contains("ErrorMessage \"ERROR: No matching distribution found for nothing==9.9\"");
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
