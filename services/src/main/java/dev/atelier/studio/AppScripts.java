package dev.atelier.studio;

import dev.atelier.kernel.Arn;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The start-up scripts of an app: the administrator's own first, then the one that the app was asked to start with. */
final class AppScripts {
  private final StudioStore store;

  AppScripts(StudioStore store) {
    this.store = store;
  }

  /** Their texts by file name, in the order in which they run. */
  Map<String, String> of(App app, AppPlace place) {
    Map<String, String> scripts = new LinkedHashMap<>();
    if (app.recovery()) {
      // they may be what a clean environment is wanted for
      return scripts;
    }
    place.settings().builtInLifecycleConfig(app.type()).ifPresent(arn -> add(scripts, arn));
    Optional.ofNullable((String) app.spec().get("LifecycleConfigArn")).ifPresent(arn -> add(scripts, arn));
    return scripts;
  }

  /** Files are named as the configurations are, so that people know them in the log; one that is both runs once. */
  private void add(Map<String, String> scripts, String arn) {
    Arn.parse(arn).flatMap(store::find).ifPresent(config -> ScriptContent.of(config)
        .ifPresent(text -> scripts.putIfAbsent(config.name(), text)));
  }
}
