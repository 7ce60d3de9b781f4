package dev.atelier.hosting;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.metadata.MetadataStore;
import dev.atelier.metadata.Page;
import dev.atelier.metadata.TagStore;
import dev.atelier.models.ServiceModel;
import dev.atelier.models.WireRecord;
import dev.atelier.operation.ResourceListing;
import dev.atelier.operation.StoredDocument;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Requests that are kept under a name and do nothing by themselves: models and endpoint configurations. */
final class DefinitionStore {
  private final MetadataStore store;
  private final TagStore tags;
  private final Clock clock;

  DefinitionStore(MetadataStore store, TagStore tags, Clock clock) {
    this.store = store;
    this.tags = tags;
    this.clock = clock;
  }

  /** What is defined, with the words that AWS's messages use for it. */
  enum Kind {
    MODEL("model", "model", "CreateModel"),
    ENDPOINT_CONFIG("endpoint-config", "endpoint configuration", "CreateEndpointConfig");

    private final String arnType;
    private final String words;
    private final String operation;

    Kind(String arnType, String words, String operation) {
      this.arnType = arnType;
      this.words = words;
      this.operation = operation;
    }
  }

  /** A definition; {@code request} is the accepted create request. */
  record Definition(Arn arn, AccountId account, String name, Map<String, Object> request, String text, Instant createdAt) {}

  static Arn arn(Kind kind, Caller caller, String name) {
    return Arn.of("sagemaker", caller.region(), caller.account(), kind.arnType + "/" + name.toLowerCase(Locale.ROOT));
  }

  /** Keeps a definition. Throws ValidationException when one of its name exists. */
  Arn create(Kind kind, Caller caller, String name, WireRecord request, Map<String, String> itsTags) {
    Arn arn = arn(kind, caller, name);
    boolean inserted = store.write(tx -> {
      int rows = tx.createUpdate("""
              insert into hosting_definition values (:arn, :kind, :account, :region, :name, :request, :now)
              on conflict do nothing""")
          .bind("arn", arn.toString()).bind("kind", kind.arnType).bind("account", caller.account().value())
          .bind("region", caller.region().name()).bind("name", name).bind("request", StoredDocument.write(request))
          .bind("now", clock.millis()).execute();
      if (rows == 1 && !itsTags.isEmpty()) {
        tags.add(tx, arn.toString(), itsTags);
      }
      return rows == 1;
    });
    if (!inserted) {
      throw Fault.validation("Cannot create already existing " + kind.words + " \"" + arn + "\".");
    }
    return arn;
  }

  /** The definition. Throws ValidationException in AWS's words when there is none. */
  Definition require(Kind kind, Caller caller, String name) {
    return find(kind, arn(kind, caller, name)).orElseThrow(() -> Fault.validation(
        "Could not find " + kind.words + " \"" + arn(kind, caller, name) + "\"."));
  }

  Optional<Definition> find(Kind kind, Arn arn) {
    return store.read(tx -> tx.createQuery("select * from hosting_definition where arn = :arn")
        .bind("arn", arn.toString()).map((row, context) -> definition(kind, row)).findOne());
  }

  boolean exists(Arn arn) {
    return store.read(tx -> tx.createQuery("select count(*) from hosting_definition where arn = :arn")
        .bind("arn", arn.toString()).mapTo(Integer.class).one()) > 0;
  }

  void delete(Definition definition) {
    store.write(tx -> {
      tags.deleteAll(tx, definition.arn().toString());
      return tx.createUpdate("delete from hosting_definition where arn = :arn")
          .bind("arn", definition.arn().toString()).execute();
    });
  }

  Page<Definition> list(Kind kind, Caller caller, WireRecord request) {
    return ResourceListing.of(caller, request.toDocument(), "hosting_definition", "kind", "request")
        .equal("kind", kind.arnType).page(store, (row, context) -> definition(kind, row));
  }

  private static Definition definition(Kind kind, ResultSet row) throws SQLException {
    String text = row.getString("request");
    return new Definition(Arn.parse(row.getString("arn")).orElseThrow(), new AccountId(row.getString("account")),
        row.getString("name"), read(kind, text), text, Instant.ofEpochMilli(row.getLong("created_at")));
  }

  /** The document of a kept create request. */
  static Map<String, Object> read(Kind kind, String text) {
    return StoredDocument.read(ServiceModel.load("sagemaker").operation(kind.operation).orElseThrow()
        .input().orElseThrow(), text);
  }
}
