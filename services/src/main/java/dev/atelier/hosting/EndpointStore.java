package dev.atelier.hosting;

import dev.atelier.hosting.DefinitionStore.Kind;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Region;
import dev.atelier.metadata.MetadataStore;
import dev.atelier.metadata.Page;
import dev.atelier.metadata.TagStore;
import dev.atelier.models.sagemaker.CreateEndpointConfigInput;
import dev.atelier.models.sagemaker.CreateModelInput;
import dev.atelier.models.sagemaker.ListEndpointsInput;
import dev.atelier.operation.ResourceListing;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rows of endpoints. */
final class EndpointStore {
  private static final String[] COLUMNS = {"config_name", "config", "model", "state", "status", "version", "attempt",
      "modified_at", "failure_reason"};

  private final MetadataStore store;
  private final TagStore tags;

  EndpointStore(MetadataStore store, TagStore tags) {
    this.store = store;
    this.tags = tags;
  }

  /**
   * Inserts a new endpoint; false when one of its name exists.
   *
   * @param config the stored text of its configuration
   * @param model the stored text of its model
   */
  boolean insert(Endpoint endpoint, String config, String model, Map<String, String> itsTags) {
    return store.write(tx -> {
      int rows = tx.createUpdate("""
              insert into hosting_endpoint (arn, account, region, name, config_name, config, model, state, status,
                version, attempt, created_at, modified_at)
              values (:arn, :account, :region, :name, :configName, :config, :model, :state, :status, 0, 1, :now, :now)
              on conflict do nothing""")
          .bind("arn", endpoint.arn().toString()).bind("account", endpoint.account().value())
          .bind("region", endpoint.region().name()).bind("name", endpoint.name())
          .bind("configName", endpoint.configName()).bind("config", config).bind("model", model)
          .bind("state", endpoint.state().name()).bind("status", endpoint.state().status())
          .bind("now", endpoint.createdAt().toEpochMilli()).execute();
      if (rows == 1 && !itsTags.isEmpty()) {
        tags.add(tx, endpoint.arn().toString(), itsTags);
      }
      return rows == 1;
    });
  }

  Optional<Endpoint> find(Arn arn) {
    return store.read(tx -> tx.createQuery("select * from hosting_endpoint where arn = :arn")
        .bind("arn", arn.toString()).map((row, context) -> endpoint(row)).findOne());
  }

  /** Endpoints that have hosts, or should have. */
  List<Endpoint> live() {
    return store.read(tx -> tx.createQuery("select * from hosting_endpoint where state <> 'FAILED'")
        .map((row, context) -> endpoint(row)).list());
  }

  /** The endpoints of the caller's account and region. */
  List<Endpoint> all(Caller caller) {
    return store.read(tx -> tx.createQuery(
            "select * from hosting_endpoint where account = :account and region = :region order by arn")
        .bind("account", caller.account().value()).bind("region", caller.region().name())
        .map((row, context) -> endpoint(row)).list());
  }

  /** Moves an endpoint to a state; false when it has changed since it was read. A restart counts as a new attempt. */
  boolean apply(Endpoint endpoint, EndpointState next, Optional<String> failure, Instant now) {
    return store.write(tx -> tx.createUpdate("""
            update hosting_endpoint set state = :next, status = :status, version = version + 1, modified_at = :now,
              attempt = attempt + :restart, failure_reason = coalesce(:failure, failure_reason)
            where arn = :arn and version = :version""")
        .bind("next", next.name()).bind("status", next.status()).bind("now", now.toEpochMilli())
        .bind("restart", next == EndpointState.RESTARTING ? 1 : 0).bind("failure", failure.orElse(null))
        .bind("arn", endpoint.arn().toString()).bind("version", endpoint.version()).execute()) == 1;
  }

  void delete(Endpoint endpoint) {
    store.write(tx -> {
      tags.deleteAll(tx, endpoint.arn().toString());
      return tx.createUpdate("delete from hosting_endpoint where arn = :arn")
          .bind("arn", endpoint.arn().toString()).execute();
    });
  }

  Page<Endpoint> list(Caller caller, ListEndpointsInput request) {
    return ResourceListing.of(caller, request.toDocument(), "hosting_endpoint", COLUMNS)
        .page(store, (row, context) -> endpoint(row));
  }

  private static Endpoint endpoint(ResultSet row) throws SQLException {
    return new Endpoint(
        Arn.parse(row.getString("arn")).orElseThrow(),
        new AccountId(row.getString("account")),
        new Region(row.getString("region")),
        row.getString("name"),
        row.getString("config_name"),
        CreateEndpointConfigInput.fromDocument(DefinitionStore.read(Kind.ENDPOINT_CONFIG, row.getString("config"))),
        CreateModelInput.fromDocument(DefinitionStore.read(Kind.MODEL, row.getString("model"))),
        EndpointState.valueOf(row.getString("state")),
        row.getInt("version"),
        row.getInt("attempt"),
        Instant.ofEpochMilli(row.getLong("created_at")),
        Instant.ofEpochMilli(row.getLong("modified_at")),
        Optional.ofNullable(row.getString("failure_reason")));
  }
}
