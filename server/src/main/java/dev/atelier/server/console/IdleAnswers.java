package dev.atelier.server.console;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atelier.kernel.Fault;
import dev.atelier.studio.IdleApps;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** How apps that nobody uses are told of and kept, at the console's host and at their own. */
public final class IdleAnswers {
  private static final Duration MOST_KEPT = Duration.ofDays(1);

  private IdleAnswers() {}

  /** How an app stands. */
  public static Map<String, Object> told(IdleApps.Outlook outlook) {
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("arn", outlook.app().toString());
    told.put("domain", outlook.domain());
    outlook.userProfile().ifPresent(name -> told.put("userProfile", name));
    outlook.space().ifPresent(name -> told.put("space", name));
    told.put("idleSince", outlook.since().toString());
    outlook.minutes().ifPresent(minutes -> told.put("minutes", minutes));
    outlook.stopsAt().ifPresent(at -> told.put("stopsAt", at.toString()));
    told.put("reasons", outlook.reasons());
    return told;
  }

  /** For how long an app is to be kept. @throws Fault BadRequest: {@code minutes} is not from 1 to a day's */
  public static Duration time(JsonNode asked) {
    JsonNode minutes = asked.path("minutes");
    if (!minutes.isInt() || minutes.asInt() < 1 || minutes.asInt() > MOST_KEPT.toMinutes()) {
      throw new Fault("BadRequest", 400, "minutes must be a whole number from 1 to " + MOST_KEPT.toMinutes() + ".");
    }
    return Duration.ofMinutes(minutes.asInt());
  }
}
