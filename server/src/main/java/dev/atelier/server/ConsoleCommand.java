package dev.atelier.server;

import dev.atelier.server.http.ConsoleSide;
import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code atelier console}: a link that signs the data folder's administrator in at the console, once. */
@Command(name = "console", mixinStandardHelpOptions = true,
    description = "Prints a link that signs you in at the console, once and within five minutes.")
final class ConsoleCommand implements Callable<Integer> {
  @Mixin
  private DataOption data;

  @Override
  public Integer call() throws IOException, GeneralSecurityException {
    URI server = data.requireServer().url();
    AdministratorKey key = AdministratorKey.read(data.folder())
        .orElseThrow(() -> new CommandFailure("the data folder holds no administrator's key"));
    SignedCall.Answer answer = new SignedCall(server, PemTrust.of(data.folder().resolve("trust/ca-bundle.pem")), key,
        "us-east-1").get(ConsoleSide.LINK_PATH);
    if (answer.status() != 200) {
      throw new CommandFailure("the server refused a link: " + answer.text());
    }
    // what follows the hash sign stays in the browser: no log and no Referer ever has it
    System.out.println(address(server) + "/sign-in#link=" + answer.text());
    return 0;
  }

  /** Where this machine's browsers find the console of a server. */
  static String address(URI server) {
    return server.getScheme() + "://studio.localhost:" + server.getPort();
  }
}
