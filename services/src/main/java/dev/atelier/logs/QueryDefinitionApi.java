package dev.atelier.logs;

import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.metadata.MetadataStore;
import dev.atelier.models.ServiceModel;
import dev.atelier.models.StructureShape;
import dev.atelier.models.logs.DeleteQueryDefinitionRequest;
import dev.atelier.models.logs.DeleteQueryDefinitionResponse;
import dev.atelier.models.logs.DescribeQueryDefinitionsRequest;
import dev.atelier.models.logs.DescribeQueryDefinitionsResponse;
import dev.atelier.models.logs.LogsOperations;
import dev.atelier.models.logs.PutQueryDefinitionRequest;
import dev.atelier.models.logs.PutQueryDefinitionResponse;
import dev.atelier.models.logs.QueryDefinition;
import dev.atelier.operation.OperationTable;
import dev.atelier.operation.StoredDocument;
import java.time.Clock;
import java.util.List;
import java.util.UUID;

/** Queries that users keep under a name. */
final class QueryDefinitionApi {
  private static final int PAGE = 1_000;

  private final MetadataStore metadata;
  private final Clock clock;

  QueryDefinitionApi(MetadataStore metadata, Clock clock) {
    this.metadata = metadata;
    this.clock = clock;
  }

  void register(OperationTable table) {
    table.on(LogsOperations.putQueryDefinition(), this::putQueryDefinition)
        .on(LogsOperations.describeQueryDefinitions(), this::describeQueryDefinitions)
        .on(LogsOperations.deleteQueryDefinition(), this::deleteQueryDefinition);
  }

  PutQueryDefinitionResponse putQueryDefinition(Caller caller, PutQueryDefinitionRequest request) {
    String id = request.queryDefinitionId() == null ? UUID.randomUUID().toString() : request.queryDefinitionId();
    int stored = metadata.write(tx -> request.queryDefinitionId() == null
        ? tx.createUpdate("""
                insert into log_query_definition (id, account, region, name, request, modified_at)
                values (:id, :account, :region, :name, :request, :now)""")
            .bind("id", id).bind("account", caller.account().value()).bind("region", caller.region().name())
            .bind("name", request.name()).bind("request", StoredDocument.write(request)).bind("now", clock.millis())
            .execute()
        : tx.createUpdate("""
                update log_query_definition set name = :name, request = :request, modified_at = :now
                where id = :id and account = :account and region = :region""")
            .bind("id", id).bind("account", caller.account().value()).bind("region", caller.region().name())
            .bind("name", request.name()).bind("request", StoredDocument.write(request)).bind("now", clock.millis())
            .execute());
    if (stored == 0) {
      throw absent(id);
    }
    return PutQueryDefinitionResponse.builder().queryDefinitionId(id).build();
  }

  private static Fault absent(String id) {
    return new Fault("ResourceNotFoundException", 400, "Query definition with id [" + id + "] does not exist.");
  }

  DescribeQueryDefinitionsResponse describeQueryDefinitions(Caller caller, DescribeQueryDefinitionsRequest request) {
    String prefix = request.queryDefinitionNamePrefix() == null ? "" : request.queryDefinitionNamePrefix();
    int most = request.maxResults() == null ? PAGE : request.maxResults();
    StructureShape shape =
        ServiceModel.load("logs").operation("PutQueryDefinition").orElseThrow().input().orElseThrow();
    List<QueryDefinition> found = metadata.read(tx -> tx.createQuery("""
            select * from log_query_definition where account = :account and region = :region
            and substr(name, 1, length(:prefix)) = :prefix and name || id > :after order by name || id limit :most""")
        .bind("account", caller.account().value()).bind("region", caller.region().name()).bind("prefix", prefix)
        .bind("after", request.nextToken() == null ? "" : request.nextToken()).bind("most", most + 1)
        .map((row, context) -> {
          PutQueryDefinitionRequest stored =
              PutQueryDefinitionRequest.fromDocument(StoredDocument.read(shape, row.getString("request")));
          return QueryDefinition.builder().queryDefinitionId(row.getString("id")).name(stored.name())
              .queryString(stored.queryString()).logGroupNames(stored.logGroupNames())
              .lastModified(row.getLong("modified_at")).build();
        }).list());
    List<QueryDefinition> page = found.subList(0, Math.min(most, found.size()));
    return DescribeQueryDefinitionsResponse.builder().queryDefinitions(page)
        .nextToken(found.size() > most ? page.getLast().name() + page.getLast().queryDefinitionId() : null).build();
  }

  DeleteQueryDefinitionResponse deleteQueryDefinition(Caller caller, DeleteQueryDefinitionRequest request) {
    int deleted = metadata.write(tx -> tx.createUpdate(
            "delete from log_query_definition where id = :id and account = :account and region = :region")
        .bind("id", request.queryDefinitionId()).bind("account", caller.account().value())
        .bind("region", caller.region().name()).execute());
    if (deleted == 0) {
      throw absent(request.queryDefinitionId());
    }
    return DeleteQueryDefinitionResponse.builder().success(true).build();
  }
}
