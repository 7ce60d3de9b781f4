package dev.atelier.server.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.metadata.Secrets;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a client on another machine must know of a server. It travels sealed under the secret key of who asks, so that
 * nobody between them reads or forges it although the client cannot yet tell the server's certificate from another.
 *
 * @param account the account of who asks
 * @param certificates what to trust beside the machine's own authorities, PEM
 * @param proxyToken the password of the CONNECT proxy
 */
public record ClientSettings(String account, String certificates, String proxyToken) {
  /** Where it is asked for; no bucket can have the name. */
  public static final String PATH = "/.well-known/atelier/client";
  /** The header of a random text that the answer is bound to. */
  public static final String NONCE = "X-Atelier-Nonce";

  private static final ObjectMapper JSON = new ObjectMapper();

  /** The settings under a secret access key, for one request. */
  public String seal(String secretAccessKey, String nonce) {
    try {
      byte[] json = JSON.writeValueAsBytes(JSON.createObjectNode().put("account", account)
          .put("certificates", certificates).put("proxyToken", proxyToken));
      return Secrets.of(key(secretAccessKey)).seal(json, nonce);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** @throws IllegalArgumentException the answer is not of the server that knows the key, or of another request */
  public static ClientSettings open(String sealed, String secretAccessKey, String nonce) {
    try {
      byte[] json = Secrets.of(key(secretAccessKey)).unseal(sealed, nonce);
      JsonNode node = JSON.readTree(new String(json, StandardCharsets.UTF_8));
      return new ClientSettings(node.path("account").asText(), node.path("certificates").asText(),
          node.path("proxyToken").asText());
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not the settings of a server", e);
    }
  }

  private static byte[] key(String secretAccessKey) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(("AWS4" + secretAccessKey).getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return mac.doFinal("atelier client settings".getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HMAC-SHA256 is not available", e);
    }
  }

  @Override
  public String toString() {
    return "ClientSettings[" + account + "]";
  }
}
