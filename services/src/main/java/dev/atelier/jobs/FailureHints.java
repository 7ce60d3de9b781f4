package dev.atelier.jobs;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.atelier.models.AuthorisationTable;
import dev.atelier.models.ServiceModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/** What to do about a failure, from the last lines that a program wrote. */
final class FailureHints {
  private static final Pattern MISSING_MODULE = Pattern.compile("No module named '?([\\w.]+)'?");
  /** pip names the file that it reads where it is called. */
  private static final Pattern REQUIREMENTS = Pattern.compile("pip3? install .*(?:-r|--requirement)[ =]([^\\s\"']+)");
  private static final Pattern CONFLICT = Pattern.compile(
      "^(ERROR: (Cannot install|ResolutionImpossible).*|.* requires .*, but you have .* which is incompatible\\.?)$");
  private static final Pattern CONFLICT_CAUSE = Pattern.compile("^(The user requested .*|.+ depends on .+)$");
  private static final Pattern NO_PACKAGE = Pattern.compile(
      "^ERROR: (?:No matching distribution found for|Could not find a version that satisfies the requirement) "
          + "([^ ]+).*$");
  private static final Pattern DENIED = Pattern.compile(
      "not authorized to perform: ([a-z0-9-]+:[A-Za-z]+)(?: on resource: \"?([^\" ]+)\"?)?");
  /** A refusal that names the operation alone, as answers without a body do. */
  private static final Pattern REFUSED = Pattern.compile(
      "An error occurred \\((?:403|AccessDenied)\\) when calling the ([A-Za-z0-9]+) operation");
  private static final Pattern OBJECT = Pattern.compile("s3://([a-z0-9][a-z0-9.-]+)(/[^\\s'\",)]*)?");
  private static final Pattern NOT_FOUND = Pattern.compile(
      "(?:^|: )([^\\s:]+): (?:command not found|not found|No such file or directory)$");
  private static final Pattern NOT_EXECUTABLE = Pattern.compile(
      "(?:^|: )([^\\s:]+): (?:Permission denied|Exec format error|cannot execute(?: binary file)?(?:: .*)?)$");
  /** Modules whose package has another name. */
  private static final Map<String, String> PACKAGES = Map.of("sklearn", "scikit-learn", "cv2", "opencv-python-headless",
      "PIL", "Pillow", "yaml", "PyYAML", "bs4", "beautifulsoup4", "dotenv", "python-dotenv", "skimage", "scikit-image",
      "Crypto", "pycryptodome", "git", "GitPython", "dateutil", "python-dateutil");

  private final List<String> lines;
  private final BiFunction<String, String, Optional<String>> denial;

  /** @param denial the statement that denies the job's role an action on a resource, in words */
  FailureHints(List<String> lines, BiFunction<String, String, Optional<String>> denial) {
    this.lines = lines;
    this.denial = denial;
  }

  /** The hints, each once, those of the program's own lines first. */
  List<String> all(FailureText.End end) {
    List<String> hints = new ArrayList<>(ofLines());
    byExitCode(end).ifPresent(hints::add);
    FailureText.hint(end, lines).ifPresent(hints::add);
    return hints.stream().distinct().toList();
  }

  /** The hints that the lines alone give, each once. */
  List<String> ofLines() {
    List<String> hints = new ArrayList<>();
    for (String line : lines) {
      found(MISSING_MODULE, line, match -> missing(match.group(1))).ifPresent(hints::add);
      found(CONFLICT, line.strip(), match -> "the packages of " + requirements() + " do not go together or with the "
          + "image's: " + line.strip() + causes()).ifPresent(hints::add);
      found(NO_PACKAGE, line.strip(), match -> "no package index has " + match.group(1) + " for this Python: check "
          + "its name and version in " + requirements() + ", and that the job may reach the index")
          .ifPresent(hints::add);
      found(DENIED, line, match -> denied(match.group(1), Optional.ofNullable(match.group(2)))).ifPresent(hints::add);
      if (!DENIED.matcher(line).find()) {
        found(REFUSED, line, match -> refused(match.group(1))).ifPresent(hints::add);
      }
    }
    return hints.stream().filter(hint -> !hint.isEmpty()).distinct().toList();
  }

  private static Optional<String> found(Pattern pattern, String line, Function<Matcher, String> hint) {
    Matcher matcher = pattern.matcher(line);
    return matcher.find() ? Optional.of(hint.apply(matcher)) : Optional.empty();
  }

  /** The file that packages were asked for in, as the log names it. */
  private String requirements() {
    return lines.stream().flatMap(line -> found(REQUIREMENTS, line, match -> match.group(1)).stream())
        .reduce((a, b) -> b).orElse("requirements.txt");
  }

  private String missing(String module) {
    String name = PACKAGES.get(module.split("\\.")[0]);
    return "the image has no module " + module + ": name the package that brings it"
        + (name == null ? "" : ", " + name + ",") + " in " + requirements()
        + " in the source folder (source_dir), which is installed before the script runs";
  }

  private String causes() {
    List<String> causes = lines.stream().map(String::strip)
        .filter(line -> CONFLICT_CAUSE.matcher(line).matches()).distinct().toList();
    return causes.isEmpty() ? "" : " (" + String.join("; ", causes) + ")";
  }

  private String denied(String action, Optional<String> resource) {
    return "the job's role may not do " + action + " on " + resource.orElse("*")
        + denial.apply(action, resource.orElse("*")).map(statement -> ": " + statement).orElse("");
  }

  /** Empty where the operation is none of S3's, or the role may do it, so that something else refused it. */
  private String refused(String operation) {
    if (!ServiceModel.load("s3").operationNames().contains(operation)) {
      return "";
    }
    String action = AuthorisationTable.load("s3").entry(operation).actions().getFirst();
    String resource = lines.stream().flatMap(line -> found(OBJECT, line, match -> arn(match, operation)).stream())
        .reduce((a, b) -> b).orElse("*");
    return denial.apply(action, resource).map(statement ->
        "the job's role may not do " + action + " on " + resource + ": " + statement).orElse("");
  }

  private static String arn(Matcher match, String operation) {
    String key = match.group(2) == null ? "" : match.group(2);
    return "arn:aws:s3:::" + match.group(1) + (operation.endsWith("Object") ? key : "");
  }

  private Optional<String> byExitCode(FailureText.End end) {
    return switch (end.exitCode()) {
      case 126 -> Optional.of(named(NOT_EXECUTABLE).map(file -> file + " is").orElse("the entry point is")
          + " no program that can be started: give it the right to execute (chmod +x), a first line such as "
          + "#!/bin/sh, and no format of another processor");
      case 127 -> named(NOT_FOUND).map(name -> "the image has no program " + name
          + ": check its name and its path, or install what brings it");
      case 134, 139 -> Optional.of("native code of a package failed: it was often built against another version of a "
          + "library, such as numpy (see requirements.txt); with PYTHONFAULTHANDLER=1 in its environment, Python "
          + "prints where it was");
      case 137 -> end.outOfMemory() || FailureText.ofKeeper(lines) ? Optional.empty()
          : Optional.of("something killed it that was not its limit of memory: the program itself, one beside it, or "
              + "somebody at this machine");
      case 143 -> Optional.of("it was asked to end (SIGTERM): what stops a job or ends it at MaxRuntimeInSeconds does "
          + "that, and so may a process beside it; a program that handles the signal can store what it has");
      default -> Optional.empty();
    };
  }

  private Optional<String> named(Pattern pattern) {
    return lines.reversed().stream().flatMap(line -> found(pattern, line.strip(), match -> match.group(1)).stream())
        .findFirst();
  }
}
