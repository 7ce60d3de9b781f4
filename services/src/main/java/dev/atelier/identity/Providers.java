package dev.atelier.identity;

import dev.atelier.identity.RecordStore.Entry;
import dev.atelier.identity.RecordStore.Kind;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Partition;
import java.io.StringReader;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** The rules of identity providers: OpenID Connect issuers and SAML metadata. */
final class Providers {
  private static final int CLIENTS = 100;
  private static final int THUMBPRINTS = 5;

  private final RecordStore records;
  private final Clock clock;

  Providers(RecordStore records, Clock clock) {
    this.records = records;
    this.clock = clock;
  }

  /** An issuer; the record's name is its URL without the scheme. */
  record Oidc(String url, List<String> clients, List<String> thumbprints) {}

  /** SAML metadata as it was given. */
  record Saml(String metadata, long validUntil) {}

  static Fault absent(Kind kind, String arn) {
    return Users.noSuchEntity(kind == Kind.OIDC_PROVIDER
        ? "OpenIDConnect Provider not found for arn " + arn : "Manifest not found for arn " + arn);
  }

  /** The record's name of a provider's ARN; empty for an ARN that cannot be of the caller's account. */
  static String name(Caller caller, Kind kind, String text) {
    return name(caller.account(), kind, text);
  }

  static String name(AccountId account, Kind kind, String text) {
    String type = kind == Kind.OIDC_PROVIDER ? "oidc-provider/" : "saml-provider/";
    return Arn.parse(text).filter(arn -> arn.service().equals("iam") && arn.account().equals(account.value())
        && arn.resource().startsWith(type)).map(arn -> arn.resource().substring(type.length())).orElse("");
  }

  static String arn(Partition partition, Kind kind, Entry<?> entry) {
    return Arn.global(partition, "iam", entry.account(),
        (kind == Kind.OIDC_PROVIDER ? "oidc-provider/" : "saml-provider/") + entry.name()).toString();
  }

  <T> Entry<T> require(AccountId account, Kind kind, String arn, Class<T> type) {
    return records.find(account, kind, name(account, kind, arn), type).orElseThrow(() -> absent(kind, arn));
  }

  <T> List<Entry<T>> list(AccountId account, Kind kind, Class<T> type) {
    return records.list(account, kind, type);
  }

  Entry<Oidc> createOidc(AccountId account, Oidc wanted, List<EntityTags.Tag> tags) {
    EntityTags.check(tags);
    checkLists(wanted);
    Entry<Oidc> entry =
        new Entry<>(UniqueId.of("AOID"), account, "", issuer(wanted.url()), clock.instant(), wanted);
    if (!records.insert(Kind.OIDC_PROVIDER, entry, tags)) {
      throw Users.entityExists("Provider with url https://" + entry.name() + " already exists.");
    }
    return entry;
  }

  private static String issuer(String url) {
    return name(url).orElseThrow(() -> new Fault("ValidationError", 400, "Invalid Open ID Connect Provider URL"));
  }

  /** An https URL without user, query and fragment, as the record's name; empty for any other text. */
  static Optional<String> name(String url) {
    try {
      URI uri = new URI(url);
      boolean plain = uri.getUserInfo() == null && uri.getQuery() == null && uri.getFragment() == null;
      if (!"https".equalsIgnoreCase(uri.getScheme()) || uri.getHost() == null || !plain) {
        return Optional.empty();
      }
      String path = uri.getRawPath() == null ? "" : uri.getRawPath().replaceAll("/+$", "");
      return Optional.of(uri.getHost().toLowerCase(Locale.ROOT) + (uri.getPort() < 0 ? "" : ":" + uri.getPort()) + path);
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private static void checkLists(Oidc wanted) {
    if (wanted.clients().size() > CLIENTS) {
      throw Users.limitExceeded("ClientIdsPerOpenIdConnectProvider", CLIENTS);
    }
    if (wanted.thumbprints().size() > THUMBPRINTS) {
      throw new Fault("InvalidInput", 400, "Thumbprint list must contain fewer than 5 entries.");
    }
  }

  void updateOidc(Entry<Oidc> entry, List<String> clients, List<String> thumbprints) {
    Oidc changed = new Oidc(entry.value().url(), clients, thumbprints);
    checkLists(changed);
    records.update(entry.with(changed));
  }

  Entry<Saml> createSaml(AccountId account, String name, String metadata, List<EntityTags.Tag> tags) {
    EntityTags.check(tags);
    Entry<Saml> entry = new Entry<>(UniqueId.of("ASAM"), account, "", name, clock.instant(), saml(metadata));
    if (!records.insert(Kind.SAML_PROVIDER, entry, tags)) {
      throw Users.entityExists("SAML provider " + name + " already exists.");
    }
    return entry;
  }

  void updateSaml(Entry<Saml> entry, String metadata) {
    records.update(entry.with(saml(metadata)));
  }

  private Saml saml(String metadata) {
    try {
      XMLInputFactory factory = XMLInputFactory.newFactory();
      factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
      factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
      XMLStreamReader reader = factory.createXMLStreamReader(new StringReader(metadata));
      reader.nextTag();
      if (!reader.getLocalName().equals("EntityDescriptor") && !reader.getLocalName().equals("EntitiesDescriptor")) {
        throw new Fault("InvalidInput", 400, "Could not parse metadata");
      }
      while (reader.hasNext()) {
        reader.next();
      }
      return new Saml(metadata, clock.instant().plus(Duration.ofDays(36_500)).getEpochSecond());
    } catch (XMLStreamException e) {
      throw new Fault("InvalidInput", 400, "Could not parse metadata");
    }
  }

  void delete(Entry<?> entry) {
    records.delete(entry);
  }
}
