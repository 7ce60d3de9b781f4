package dev.atelier.server.door;

import dev.atelier.compute.SandboxDoor;
import dev.atelier.compute.WorkloadId;
import dev.atelier.compute.WorkloadSpec;
import dev.atelier.server.http.ApiFront;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Opens the doors of sandboxes on the server's front. */
public final class Doors implements SandboxDoor {
  /** Where every sandbox sees the certificates to trust. */
  public static final String TRUST_FOLDER = "/opt/atelier/trust";

  private static final String PREFIX = "door ";

  private final ApiFront front;
  private final DoorTokens tokens;

  public Doors(ApiFront front, DoorTokens tokens) {
    this.front = front;
    this.tokens = tokens;
  }

  /** The name of the connector of a workload's door. */
  static String name(WorkloadId id) {
    return PREFIX + id;
  }

  /** The workload whose door a connector is; empty text for the port that everyone reaches. */
  public static String workload(String connector) {
    return connector != null && connector.startsWith(PREFIX) ? connector.substring(PREFIX.length()) : "";
  }

  @Override
  public AutoCloseable open(WorkloadSpec spec, String host, Path socket) {
    try {
      return front.listen(socket, name(spec.id()));
    } catch (Exception e) {
      throw new IllegalStateException("the door of " + spec.id() + " cannot be opened at " + socket, e);
    }
  }

  @Override
  public Map<String, String> environment(WorkloadSpec spec, String host, int port) {
    String door = "http://127.0.0.1:" + port;
    String bundle = TRUST_FOLDER + "/ca-bundle.pem";
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", door + CredentialsHandler.PATH);
    environment.put("AWS_CONTAINER_AUTHORIZATION_TOKEN", tokens.of(spec.id()));
    environment.put("AWS_ENDPOINT_URL", door);
    environment.put("S3_ENDPOINT_URL", door);
    for (String name : new String[] {"HTTPS_PROXY", "https_proxy"}) {
      environment.put(name, door);
    }
    for (String name : new String[] {"NO_PROXY", "no_proxy"}) {
      environment.put(name, "127.0.0.1,localhost");
    }
    for (String name : new String[] {"AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "CURL_CA_BUNDLE",
        "PIP_CERT", "NODE_EXTRA_CA_CERTS"}) {
      environment.put(name, bundle);
    }
    return environment;
  }
}
