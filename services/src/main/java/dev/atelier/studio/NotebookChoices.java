package dev.atelier.studio;

import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.metadata.MetadataStore;
import dev.atelier.metadata.TagStore;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What notebook instances choose by name: scripts to start with, and repositories. */
public final class NotebookChoices {
  private final StudioStore store;

  public NotebookChoices(MetadataStore metadata, TagStore tags, Clock clock) {
    this.store = new StudioStore(metadata, tags, clock);
  }

  /** A lifecycle configuration's scripts, each empty when it has none. */
  public record Scripts(Optional<String> onCreate, Optional<String> onStart) {}

  /**
   * A repository.
   *
   * @param branch the one to check out, if not the repository's default
   * @param secret the ARN of the credentials that it needs
   */
  public record Repository(String url, Optional<String> branch, Optional<String> secret) {}

  /** The ARN of a lifecycle configuration of a name, which may not be there. */
  public static Arn lifecycleConfig(Caller caller, String name) {
    return ResourceKind.NOTEBOOK_LIFECYCLE_CONFIG.arn(caller, name);
  }

  /** Whether there is a lifecycle configuration. */
  public boolean hasScripts(Caller caller, String name) {
    return store.find(lifecycleConfig(caller, name)).isPresent();
  }

  /**
   * The scripts of a lifecycle configuration.
   *
   * @throws Fault ValidationException: it is gone, or a script is not base64
   */
  public Scripts scripts(Caller caller, String name) {
    StudioResource config = store.find(lifecycleConfig(caller, name)).orElseThrow(() -> Fault.validation(
        "The Notebook Instance Lifecycle Config " + name + " does not exist."));
    return new Scripts(script(config, "OnCreate"), script(config, "OnStart"));
  }

  private static Optional<String> script(StudioResource config, String hook) {
    return config.document().get(hook) instanceof List<?> hooks && !hooks.isEmpty()
        && ((Map<?, ?>) hooks.getFirst()).get("Content") instanceof String content
        ? Optional.of(decoded(config.name(), hook, content)) : Optional.empty();
  }

  private static String decoded(String name, String hook, String content) {
    try {
      return new String(Base64.getDecoder().decode(content.replaceAll("[\r\n]", "")), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw Fault.validation("The " + hook + " script of the Notebook Instance Lifecycle Config " + name
          + " is not base64-encoded.");
    }
  }

  /**
   * The repository of a name, or of a URL.
   *
   * @throws Fault ValidationException: there is none of the name
   */
  public Repository repository(Caller caller, String nameOrUrl) {
    if (nameOrUrl.startsWith("https://")) {
      return new Repository(nameOrUrl, Optional.empty(), Optional.empty());
    }
    Arn arn = ResourceKind.CODE_REPOSITORY.arn(caller, nameOrUrl);
    StudioResource repository = store.find(arn)
        .orElseThrow(() -> Fault.validation("Cannot find CodeRepository: \"" + arn + "\"."));
    Map<String, Object> git = repository.structure("GitConfig");
    return new Repository((String) git.get("RepositoryUrl"), Optional.ofNullable((String) git.get("Branch")),
        Optional.ofNullable((String) git.get("SecretArn")));
  }
}
