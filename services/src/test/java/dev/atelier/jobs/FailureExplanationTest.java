package dev.atelier.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.compute.Resources;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class FailureExplanationTest {
  private static final Resources LIMITS = new Resources(1, 3L << 30, 0, 10, 1 << 20);

  private static List<String> explain(int exitCode, boolean outOfMemory, String... lines) {
    return explain(exitCode, outOfMemory, OptionalLong.empty(), lines);
  }

  private static List<String> explain(int exitCode, boolean outOfMemory, OptionalLong peak, String... lines) {
    return new FailureExplanation(new FailureText.End(exitCode, outOfMemory, peak, Optional.empty()), List.of(lines),
        LIMITS, (action, resource) -> resource.contains("open") ? Optional.empty()
            : Optional.of(action + " of " + resource + " by statement NoSecrets")).lines();
  }

  /** What is said to do, line by line. */
  private static List<String> hints(int exitCode, String... lines) {
    return explain(exitCode, false, lines).stream().filter(line -> line.startsWith("What to do: "))
        .map(line -> line.substring("What to do: ".length())).toList();
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
  void aChainIsToldWithItsFirstCause() {
    List<String> lines = explain(1, false, "Traceback (most recent call last):", "  File \"a.py\", line 1, in read",
        "FileNotFoundError: rows.csv", "", "The above exception was the direct cause of the following exception:", "",
        "Traceback (most recent call last):", "  File \"a.py\", line 2, in load", "Unreadable: rows", "",
        "During handling of the above exception, another exception occurred:", "",
        "Traceback (most recent call last):", "  File \"a.py\", line 9, in <module>", "Sour: no lemons today", "done");
    assertThat(lines).contains("Root cause: Sour: no lemons today (first cause: FileNotFoundError: rows.csv)",
        "  Sour: no lemons today");
    assertThat(explain(1, false, "[rank1]: Traceback (most recent call last):", "[rank1]:   File \"t.py\"",
        "[rank1]: torch.Trouble: out")).contains("Root cause: torch.Trouble: out");
    assertThat(explain(1, false, "[1,mpirank:0,algo-1]<stderr>:Traceback (most recent call last):",
        "[1,mpirank:0,algo-1]<stderr>:  File \"t.py\"", "[1,mpirank:0,algo-1]<stderr>:ValueError: 3"))
        .contains("Root cause: ValueError: 3", "  ValueError: 3");
    assertThat(explain(1, false, "Traceback (most recent call last):", "  cut off")).noneMatch(line -> line.startsWith("Root"));
  }

  @Test
  void whomTheKeeperEndedNothingElseKilled() {
    String full = "atelier: No space left: the writable folders passed the limit of 9 bytes; the host was ended";
    assertThat(explain(137, false, full)).noneMatch(line -> line.contains("GiB of memory"))
        .noneMatch(line -> line.contains("something killed it"))
        .anyMatch(line -> line.contains("Choose a larger VolumeSizeInGB"));
  }

  @Test
  void aFileThatIsNamedInACommandHasNoQuote() {
    assertThat(hints(1, "ERROR: No matching distribution found for nothing==9.9",
        "Command \"/opt/venv/bin/python -m pip install -r requirements.txt\"")).singleElement().asString()
        .contains("check its name and version in requirements.txt, and");
  }

  @Test
  void whatEndedAProgramIsSaid() {
    assertThat(explain(137, true).getFirst()).isEqualTo("What happened: The program used more memory than its instance "
        + "type has and was ended (exit code 137). It reached the 3.0 GiB of memory that its host has.");
    assertThat(explain(137, true, OptionalLong.of((3L << 30) - 1)).getFirst()).endsWith(
        "It reached the 3.0 GiB of memory that its host has; at most 3.0 GiB were in use at once.");
    assertThat(explain(137, false, OptionalLong.of(3L << 29)).getFirst()).endsWith("signal 9 (SIGKILL) (exit code 137). "
        + "Its host has 3.0 GiB of memory; at most 1.5 GiB were in use at once.");
    assertThat(explain(143, false).getFirst()).contains("signal 15 (SIGTERM)").doesNotContain("GiB");
    assertThat(explain(139, false).getFirst()).contains("signal 11 (SIGSEGV)");
    assertThat(explain(127, false).getFirst()).contains("not found");
    assertThat(explain(126, false).getFirst()).contains("could not be executed");
  }

  @Test
  void eachEndSaysWhatToDo() {
    assertThat(hints(137)).containsExactly("something killed it that was not its limit of memory: the program itself, one "
        + "beside it, or somebody at this machine");
    assertThat(explain(137, true)).anyMatch(line -> line.contains("larger instance type"));
    assertThat(hints(139)).anyMatch(hint -> hint.contains("native code") && hint.contains("PYTHONFAULTHANDLER=1"));
    assertThat(hints(143)).anyMatch(hint -> hint.contains("SIGTERM") && hint.contains("MaxRuntimeInSeconds"));
    assertThat(hints(126, "/bin/bash: line 1: /opt/ml/code/run.sh: Permission denied"))
        .anyMatch(hint -> hint.startsWith("/opt/ml/code/run.sh is no program") && hint.contains("chmod +x"));
    assertThat(hints(126)).anyMatch(hint -> hint.startsWith("the entry point is no program"));
    assertThat(hints(127, "/bin/sh: 1: trian: not found")).anyMatch(hint -> hint.startsWith("the image has no program trian"));
    assertThat(hints(127, "bash: line 4: aws2: command not found"))
        .anyMatch(hint -> hint.startsWith("the image has no program aws2"));
    assertThat(hints(1, "bye")).isEmpty();
  }

  @Test
  void theFileOfRequirementsIsTheOneThatPipRead() {
    assertThat(hints(1, "$ pip install -r needs/gpu.txt", "ModuleNotFoundError: No module named 'sklearn.svm'"))
        .anyMatch(hint -> hint.contains("no module sklearn.svm") && hint.contains(", scikit-learn, in needs/gpu.txt"));
    assertThat(hints(1, "python -m pip install -r /opt/ml/code/requirements.txt -U",
        "ERROR: Cannot install a==1 and b==2 because these package versions have conflicting dependencies.", "",
        "The conflict is caused by:", "    The user requested a==1", "    b 2 depends on a>=2"))
        .containsExactly("the packages of /opt/ml/code/requirements.txt do not go together or with the image's: ERROR: Cannot "
            + "install a==1 and b==2 because these package versions have conflicting dependencies. (The user requested a==1; "
            + "b 2 depends on a>=2)");
    assertThat(hints(1, "ERROR: No matching distribution found for torhc==2.0"))
        .containsExactly("no package index has torhc==2.0 for this Python: check its name and version in requirements.txt, "
            + "and that the job may reach the index");
  }

  @Test
  void aRefusalWithoutWordsIsLookedUp() {
    assertThat(hints(1, "reading s3://secret/data/a.csv", "botocore.exceptions.ClientError: An error occurred (403) when "
        + "calling the HeadObject operation: Forbidden")).contains("the job's role may not do s3:GetObject on "
        + "arn:aws:s3:::secret/data/a.csv: s3:GetObject of arn:aws:s3:::secret/data/a.csv by statement NoSecrets");
    assertThat(hints(1, "An error occurred (AccessDenied) when calling the ListObjectsV2 operation: Access Denied: s3://secret/x"))
        .anyMatch(hint -> hint.startsWith("the job's role may not do s3:ListBucket on arn:aws:s3:::secret:"));
    assertThat(hints(1, "s3://open/a", "An error occurred (403) when calling the HeadObject operation: Forbidden")).isEmpty();
    assertThat(hints(1, "An error occurred (403) when calling the MakeTea operation: Forbidden")).isEmpty();
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
