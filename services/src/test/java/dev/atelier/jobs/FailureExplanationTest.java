package dev.atelier.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.compute.Resources;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FailureExplanationTest {
  private static final Resources LIMITS = new Resources(1, 3L << 30, 0, 10, 1 << 20);

  private static List<String> explain(int exitCode, boolean outOfMemory, String... lines) {
    return new FailureExplanation(new FailureText.End(exitCode, outOfMemory, Optional.empty()), List.of(lines), LIMITS,
        (action, resource) -> Optional.of(action + " of " + resource + " by statement NoSecrets")).lines();
  }

  @Test
  void aTracebackIsShownWithItsRoot() {
    List<String> lines = explain(1, false, "epoch 1", "Traceback (most recent call last):", "  File \"old.py\"",
        "KeyError: 'old'", "Traceback (most recent call last):", "  File \"train.py\", line 3, in <module>", "    load()",
        "ValueError: no rows", "bye");
    assertThat(lines).contains("Root cause: ValueError: no rows", "Where:", "      load()", "  ValueError: no rows",
        "Last lines of the log:", "  bye");
    assertThat(lines.subList(0, lines.indexOf("Last lines of the log:"))).noneMatch(line -> line.contains("old"));
  }

  @Test
  void whatEndedAProgramIsSaid() {
    assertThat(explain(137, true).getFirst()).isEqualTo("What happened: The program used more memory than its instance "
        + "type has and was ended (exit code 137). It reached the 3.0 GiB of memory that its host has.");
    assertThat(explain(139, false).getFirst()).contains("signal 11 (SIGSEGV)");
    assertThat(explain(127, false).getFirst()).contains("not found");
    assertThat(explain(126, false).getFirst()).contains("could not be executed");
  }

  @Test
  void hintsNameTheModuleTheConflictAndTheStatement() {
    assertThat(explain(1, false, "ModuleNotFoundError: No module named 'lightgbm.basic'"))
        .anyMatch(line -> line.startsWith("What to do: the image has no module lightgbm.basic"));
    assertThat(explain(1, false, "ERROR: Cannot install a==1 and b==2 because these package versions have conflicting "
        + "dependencies.")).anyMatch(line -> line.contains("do not go together"));
    assertThat(explain(1, false, "botocore.exceptions.ClientError: An error occurred (AccessDenied) when calling the "
        + "GetObject operation: User: arn:aws:sts::1:assumed-role/r/s is not authorized to perform: s3:GetObject on "
        + "resource: \"arn:aws:s3:::secret/a\" because no policy allows it"))
        .anyMatch(line -> line.endsWith("s3:GetObject of arn:aws:s3:::secret/a by statement NoSecrets"));
  }
}
