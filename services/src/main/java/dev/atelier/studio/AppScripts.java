package dev.atelier.studio;

import dev.atelier.kernel.Arn;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
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
    place.settings().builtInLifecycleConfig(app.type()).flatMap(this::text)
        .ifPresent(text -> scripts.put("1-built-in.sh", text));
    Optional.ofNullable((String) app.spec().get("LifecycleConfigArn")).flatMap(this::text)
        .ifPresent(text -> scripts.put("2-on-start.sh", text));
    return scripts;
  }

  private Optional<String> text(String arn) {
    return Arn.parse(arn).flatMap(store::find).flatMap(config -> config.text("StudioLifecycleConfigContent"))
        .map(content -> new String(Base64.getMimeDecoder().decode(content), StandardCharsets.UTF_8));
  }
}
