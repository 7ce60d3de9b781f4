package dev.atelier.jupyter;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/**
 * What a header says that decides where a message goes; empty texts for what it does not say.
 *
 * @param id unique
 * @param type such as {@code execute_request}
 * @param session of who sent it
 */
public record MessageHeader(String id, String type, String session) {
  private static final JsonFactory JSON = new JsonFactory();
  private static final MessageHeader NONE = new MessageHeader("", "", "");

  /** Reads a header or parent header; one that is no JSON object says nothing. */
  public static MessageHeader of(byte[] header) {
    if (header.length <= 2) {
      return NONE;
    }
    String id = "";
    String type = "";
    String session = "";
    try (JsonParser parser = JSON.createParser(header)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return NONE;
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        switch (name) {
          case "msg_id" -> id = parser.getValueAsString("");
          case "msg_type" -> type = parser.getValueAsString("");
          case "session" -> session = parser.getValueAsString("");
          default -> parser.skipChildren();
        }
      }
    } catch (IOException e) {
      return NONE;
    }
    return new MessageHeader(id, type, session);
  }
}
