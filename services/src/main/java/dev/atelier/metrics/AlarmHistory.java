package dev.atelier.metrics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.operation.StoredDocument;

/** The rows of an alarm's history, with the JSON that AWS gives them. */
final class AlarmHistory {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST = 4_095;
  private static final int LONGEST_SUMMARY = 255;

  private AlarmHistory() {}

  /** A row. */
  record Item(String type, String summary, String data) {
    Item {
      summary = summary.length() > LONGEST_SUMMARY ? summary.substring(0, LONGEST_SUMMARY) : summary;
    }
  }

  static Item created(Alarm alarm) {
    return configuration("Create", "createdAlarm", "created", alarm);
  }

  static Item updated(Alarm alarm) {
    return configuration("Update", "updatedAlarm", "updated", alarm);
  }

  static Item deleted(Alarm alarm) {
    return configuration("Delete", "deletedAlarm", "deleted", alarm);
  }

  private static Item configuration(String type, String member, String word, Alarm alarm) {
    ObjectNode data = JSON.createObjectNode().put("version", "1.0").put("type", type);
    ObjectNode described = data.putObject(member);
    described.put("alarmName", alarm.name()).put("alarmArn", alarm.arn().toString());
    tree(StoredDocument.write(switch (alarm.settings()) {
      case Alarm.Metric metric -> metric.request();
      case Alarm.Composite composite -> composite.request();
    })).properties().forEach(entry -> described.set(
        Character.toLowerCase(entry.getKey().charAt(0)) + entry.getKey().substring(1), entry.getValue()));
    String text = data.toString();
    if (text.length() > LONGEST) {
      described.removeAll();
      described.put("alarmName", alarm.name()).put("alarmArn", alarm.arn().toString());
      text = data.toString();
    }
    return new Item("ConfigurationUpdate", "Alarm \"" + alarm.name() + "\" " + word, text);
  }

  static Item stateChanged(Alarm.Standing before, Alarm.Standing after) {
    ObjectNode data = JSON.createObjectNode().put("version", "1.0");
    state(data.putObject("oldState"), before);
    state(data.putObject("newState"), after);
    String text = data.toString();
    if (text.length() > LONGEST) {
      ((ObjectNode) data.path("oldState")).remove("stateReasonData");
      text = data.toString();
    }
    if (text.length() > LONGEST) {
      ((ObjectNode) data.path("newState")).remove("stateReasonData");
      text = data.toString();
    }
    return new Item("StateUpdate", "Alarm updated from " + before.state() + " to " + after.state(), text);
  }

  private static void state(ObjectNode node, Alarm.Standing standing) {
    node.put("stateValue", standing.state().name()).put("stateReason", standing.reason());
    standing.reasonData().ifPresent(data -> node.set("stateReasonData", tree(data)));
  }

  /** No service that an action could reach is there: it fails, and says so. */
  static Item actionFailed(String action, Alarm.Standing standing) {
    String error = "No service for this action exists on this server";
    ObjectNode data = JSON.createObjectNode().put("actionState", "Failed")
        .put("stateUpdateTimestamp", standing.updatedAt().toEpochMilli())
        .put("notificationResource", action).put("error", error);
    data.putNull("publishedMessage");
    return new Item("Action", "Failed to execute action " + action + ". Received error: \"" + error + "\"",
        data.toString());
  }

  private static JsonNode tree(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      // what SetAlarmState was given need not be JSON
      return JSON.getNodeFactory().textNode(json);
    }
  }
}
