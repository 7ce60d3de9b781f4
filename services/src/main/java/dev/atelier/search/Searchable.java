package dev.atelier.search;

import dev.atelier.kernel.Caller;
import java.util.Map;
import java.util.function.Consumer;

/** A kind of resource that Search finds. */
public interface Searchable {

  /** Its ResourceType, which is the member of a SearchRecord, too. */
  String type();

  /** The member that holds a resource's ARN. */
  String arn();

  /** Tells every resource of the caller's account and region, as SearchRecord shows it. */
  void each(Caller caller, Consumer<Map<String, Object>> found);
}
