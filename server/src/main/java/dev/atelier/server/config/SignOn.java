package dev.atelier.server.config;

import dev.atelier.identity.SingleSignOn;
import dev.atelier.kernel.AccountId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * An OpenID Connect issuer whose people may sign in at the console.
 *
 * @param id names it in addresses: small letters, digits and dashes
 * @param label what people call it; its id unless set
 * @param clientSecretFile holds the client's secret, where it has one; from the configuration file's folder when
 *     relative
 * @param account whose users sign in; the first account unless set
 * @param claim of the token, which holds the name of the IAM user: {@code preferred_username} unless set
 */
public record SignOn(String id, String label, String issuer, String clientId, String clientSecretFile, String account,
    String claim) {
  public SignOn {
    claim = claim == null ? "preferred_username" : claim;
    if (id == null || !id.matches("[a-z0-9-]{1,32}")) {
      throw new IllegalArgumentException("signIn.id must be of small letters, digits and dashes");
    }
    if (issuer == null || !issuer.startsWith("https://")) {
      throw new IllegalArgumentException("signIn.issuer must be an https address");
    }
    if (clientId == null || clientId.isEmpty()) {
      throw new IllegalArgumentException("signIn.clientId must be set");
    }
    if (account != null && !account.matches("\\d{12}")) {
      throw new IllegalArgumentException("signIn.account must be twelve digits");
    }
    label = label == null ? id : label;
  }

  SignOn readIn(Path folder) {
    return clientSecretFile == null ? this : new SignOn(id, label, issuer, clientId,
        folder.resolve(clientSecretFile).normalize().toString(), account, claim);
  }

  SingleSignOn.Provider provider(String first) {
    try {
      Optional<String> secret = clientSecretFile == null ? Optional.empty()
          : Optional.of(Files.readString(Path.of(clientSecretFile)).strip());
      return new SingleSignOn.Provider(id, label, issuer, clientId, secret,
          new AccountId(account == null ? first : account), claim);
    } catch (IOException e) {
      throw new ConfigException("signIn: cannot read " + clientSecretFile + ": " + e.getClass().getSimpleName());
    }
  }
}
