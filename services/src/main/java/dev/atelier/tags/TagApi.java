package dev.atelier.tags;

import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.metadata.MetadataStore;
import dev.atelier.metadata.Page;
import dev.atelier.metadata.TagStore;
import dev.atelier.models.sagemaker.AddTagsInput;
import dev.atelier.models.sagemaker.AddTagsOutput;
import dev.atelier.models.sagemaker.DeleteTagsInput;
import dev.atelier.models.sagemaker.DeleteTagsOutput;
import dev.atelier.models.sagemaker.ListTagsInput;
import dev.atelier.models.sagemaker.ListTagsOutput;
import dev.atelier.models.sagemaker.SageMakerOperations;
import dev.atelier.models.sagemaker.Tag;
import dev.atelier.operation.OperationTable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;

/** The operations on tags of SageMaker resources. */
public final class TagApi {
  private final MetadataStore store;
  private final TagStore tags;
  private final Predicate<Arn> exists;

  /** @param exists whether a resource of this ARN exists */
  public TagApi(MetadataStore store, TagStore tags, Predicate<Arn> exists) {
    this.store = store;
    this.tags = tags;
    this.exists = exists;
  }

  public void register(OperationTable table) {
    table.on(SageMakerOperations.addTags(), this::addTags)
        .on(SageMakerOperations.listTags(), this::listTags)
        .on(SageMakerOperations.deleteTags(), this::deleteTags);
  }

  AddTagsOutput addTags(Caller caller, AddTagsInput request) {
    String arn = require(caller, request.resourceArn());
    Map<String, String> wanted = TagRules.of(request.tags());
    Map<String, String> all = store.write(tx -> {
      tags.add(tx, arn, wanted);
      return tags.all(tx, arn);
    });
    return AddTagsOutput.builder().tags(wire(all.entrySet().stream().toList())).build();
  }

  ListTagsOutput listTags(Caller caller, ListTagsInput request) {
    String arn = require(caller, request.resourceArn());
    OptionalInt most = request.maxResults() == null ? OptionalInt.empty() : OptionalInt.of(request.maxResults());
    Page<Map.Entry<String, String>> page =
        store.read(tx -> tags.list(tx, arn, most, Optional.ofNullable(request.nextToken())));
    return ListTagsOutput.builder().tags(wire(page.items())).nextToken(page.nextToken().orElse(null)).build();
  }

  DeleteTagsOutput deleteTags(Caller caller, DeleteTagsInput request) {
    String arn = require(caller, request.resourceArn());
    store.write(tx -> {
      tags.delete(tx, arn, request.tagKeys());
      return true;
    });
    return DeleteTagsOutput.builder().build();
  }

  private static List<Tag> wire(List<Map.Entry<String, String>> entries) {
    return entries.stream().map(entry -> Tag.builder().key(entry.getKey()).value(entry.getValue()).build()).toList();
  }

  private String require(Caller caller, String text) {
    return Arn.parse(text)
        .filter(arn -> arn.account().equals(caller.account().value()) && arn.region().equals(caller.region().name()))
        .filter(exists).map(Arn::toString)
        .orElseThrow(() -> Fault.validation("Could not find resource with ARN \"" + text + "\"."));
  }
}
