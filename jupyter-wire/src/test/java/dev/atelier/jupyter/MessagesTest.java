package dev.atelier.jupyter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.jupyter.WebSocketFormat.Encoded;
import dev.atelier.jupyter.WebSocketFormat.Routed;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MessagesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static KernelMessage message(byte[]... buffers) {
    return new KernelMessage(utf8("{\"msg_id\": \"1\", \"msg_type\": \"stream\"}"), utf8("{\"msg_id\":\"0\"}"),
        utf8("{}"), utf8("{\"text\": \"größer 数\"}"), List.of(buffers));
  }

  private static void same(KernelMessage one, KernelMessage other) throws Exception {
    assertThat(JSON.readTree(one.header())).isEqualTo(JSON.readTree(other.header()));
    assertThat(JSON.readTree(one.parent())).isEqualTo(JSON.readTree(other.parent()));
    assertThat(JSON.readTree(one.metadata())).isEqualTo(JSON.readTree(other.metadata()));
    assertThat(JSON.readTree(one.content())).isEqualTo(JSON.readTree(other.content()));
    assertThat(one.buffers()).hasSize(other.buffers().size());
    for (int i = 0; i < one.buffers().size(); i++) {
      assertThat(one.buffers().get(i)).isEqualTo(other.buffers().get(i));
    }
  }

  private static Routed decode(WebSocketFormat format, Encoded encoded) throws WireException {
    return switch (encoded) {
      case Encoded.Text(String text) -> format.decode(text);
      case Encoded.Binary(ByteBuffer bytes) -> format.decode(bytes);
    };
  }

  /** The signature is what Python's hmac makes of the same. */
  @Test
  void signaturesAreThoseOfOthers() throws Exception {
    MessageSigner signer = new MessageSigner("secret");
    KernelMessage message = new KernelMessage(utf8("{}"), utf8("{}"), utf8("{}"), utf8("{}"), List.of());
    List<byte[]> frames = signer.frames(message);
    assertThat(new String(frames.get(1), StandardCharsets.US_ASCII))
        .isEqualTo("34982f0bfec60e7b933ffde06c1ecab0fba073717a95ab943d1dd06f82c2d5e4");
    List<byte[]> routed = new ArrayList<>(List.of(utf8("topic")));
    routed.addAll(frames);
    same(signer.message(routed), message);
    assertThatThrownBy(() -> new MessageSigner("other").message(frames)).hasMessageContaining("wrong signature");
    assertThatThrownBy(() -> signer.message(frames.subList(0, 5))).hasMessageContaining("no message");
    assertThatThrownBy(() -> signer.message(List.of())).hasMessageContaining("no message");
  }

  @Test
  void bothFormatsRoundTrip() throws Exception {
    SplittableRandom random = new SplittableRandom(7);
    for (int round = 0; round < 200; round++) {
      byte[][] buffers = new byte[random.nextInt(4)][];
      for (int i = 0; i < buffers.length; i++) {
        buffers[i] = new byte[random.nextInt(3000)];
        random.nextBytes(buffers[i]);
      }
      Channel channel = Channel.values()[random.nextInt(Channel.values().length)];
      for (WebSocketFormat format : List.of(WebSocketFormat.DEFAULT, WebSocketFormat.V1)) {
        Routed back = decode(format, format.encode(new Routed(channel, message(buffers))));
        assertThat(back.channel()).isEqualTo(channel);
        same(back.message(), message(buffers));
      }
    }
  }

  @Test
  void theDefaultFormatTellsTypeAndIdAgain() throws Exception {
    Encoded encoded = WebSocketFormat.DEFAULT.encode(new Routed(Channel.IOPUB, message()));
    JsonNode json = JSON.readTree(((Encoded.Text) encoded).text());
    assertThat(json.get("msg_type").asText()).isEqualTo("stream");
    assertThat(json.get("msg_id").asText()).isEqualTo("1");
    assertThat(json.get("channel").asText()).isEqualTo("iopub");
    assertThat(json.get("buffers")).isEmpty();
  }

  @Test
  void theTableOfV1IsAsJupytersOwn() {
    KernelMessage empty = new KernelMessage(utf8("{}"), utf8("{}"), utf8("{}"), utf8("{}"), List.of());
    ByteBuffer bytes = ((Encoded.Binary) WebSocketFormat.V1.encode(new Routed(Channel.SHELL, empty))).bytes();
    assertThat(bytes.order(java.nio.ByteOrder.LITTLE_ENDIAN).getLong(0)).isEqualTo(6);
    assertThat(bytes.getLong(8)).isEqualTo(56);
    assertThat(bytes.getLong(48)).isEqualTo(69);
    assertThat(bytes.limit()).isEqualTo(69);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{", "1", "{\"channel\": \"side\"}", "{\"channel\": 4, \"header\": []}"})
  void whatIsNoMessageIsRefused(String text) {
    assertThatThrownBy(() -> WebSocketFormat.DEFAULT.decode(text)).isInstanceOf(WireException.class);
    assertThatThrownBy(() -> WebSocketFormat.V1.decode(text)).isInstanceOf(WireException.class);
  }

  /** A changed or cut message is read or refused; nothing else comes of it. */
  @Test
  void tornMessagesAreRefusedPlainly() {
    SplittableRandom random = new SplittableRandom(11);
    for (WebSocketFormat format : List.of(WebSocketFormat.DEFAULT, WebSocketFormat.V1)) {
      ByteBuffer whole = ((Encoded.Binary) format.encode(new Routed(Channel.SHELL, message(new byte[20])))).bytes();
      for (int round = 0; round < 5000; round++) {
        byte[] torn = new byte[random.nextInt(whole.limit() + 1)];
        whole.get(0, torn);
        for (int change = random.nextInt(4); change > 0 && torn.length > 0; change--) {
          torn[random.nextInt(Math.min(torn.length, 64))] = (byte) random.nextInt();
        }
        try {
          assertThat(format.decode(ByteBuffer.wrap(torn)).message()).isNotNull();
        } catch (WireException e) {
          assertThat(e.getMessage()).isNotBlank();
        }
      }
    }
  }
}
