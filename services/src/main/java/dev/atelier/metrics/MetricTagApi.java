package dev.atelier.metrics;

import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.metadata.MetadataStore;
import dev.atelier.metadata.TagStore;
import dev.atelier.models.cloudwatch.CloudWatchOperations;
import dev.atelier.models.cloudwatch.ListTagsForResourceInput;
import dev.atelier.models.cloudwatch.ListTagsForResourceOutput;
import dev.atelier.models.cloudwatch.Tag;
import dev.atelier.models.cloudwatch.TagResourceInput;
import dev.atelier.models.cloudwatch.TagResourceOutput;
import dev.atelier.models.cloudwatch.UntagResourceInput;
import dev.atelier.models.cloudwatch.UntagResourceOutput;
import dev.atelier.operation.OperationTable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/** The tags of alarms and dashboards. */
final class MetricTagApi {
  private final MetadataStore metadata;
  private final TagStore tags;
  private final Predicate<Arn> exists;

  MetricTagApi(MetadataStore metadata, TagStore tags, Predicate<Arn> exists) {
    this.metadata = metadata;
    this.tags = tags;
    this.exists = exists;
  }

  void register(OperationTable table) {
    table.on(CloudWatchOperations.listTagsForResource(), this::listTagsForResource)
        .on(CloudWatchOperations.tagResource(), this::tagResource)
        .on(CloudWatchOperations.untagResource(), this::untagResource);
  }

  /** A resource that does not exist has no tags. */
  ListTagsForResourceOutput listTagsForResource(Caller caller, ListTagsForResourceInput request) {
    String arn = own(caller, request.resourceARN());
    return ListTagsForResourceOutput.builder().tags(metadata.read(tx -> tags.all(tx, arn)).entrySet().stream()
        .map(tag -> Tag.builder().key(tag.getKey()).value(tag.getValue()).build()).toList()).build();
  }

  TagResourceOutput tagResource(Caller caller, TagResourceInput request) {
    String arn = require(caller, request.resourceARN());
    Map<String, String> wanted = AlarmApi.tags(request.tags());
    metadata.write(tx -> {
      Map<String, String> all = new LinkedHashMap<>(tags.all(tx, arn));
      all.putAll(wanted);
      if (all.size() > TagStore.MOST) {
        throw MetricFault.value("A resource has at most " + TagStore.MOST + " tags.");
      }
      tags.add(tx, arn, wanted);
      return true;
    });
    return TagResourceOutput.builder().build();
  }

  UntagResourceOutput untagResource(Caller caller, UntagResourceInput request) {
    String arn = require(caller, request.resourceARN());
    metadata.write(tx -> {
      tags.delete(tx, arn, request.tagKeys());
      return true;
    });
    return UntagResourceOutput.builder().build();
  }

  private static String own(Caller caller, String text) {
    return Arn.parse(text).filter(arn -> arn.service().equals("cloudwatch"))
        .filter(arn -> arn.account().equals(caller.account().value())).map(Arn::toString)
        .orElseThrow(() -> MetricFault.value("The value " + text + " for parameter ResourceARN is invalid."));
  }

  private String require(Caller caller, String text) {
    String arn = own(caller, text);
    if (!exists.test(Arn.parse(arn).orElseThrow())) {
      throw new Fault("ResourceNotFoundException", 404, "Unknown");
    }
    return arn;
  }
}
