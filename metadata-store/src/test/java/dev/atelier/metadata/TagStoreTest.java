package dev.atelier.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.kernel.Fault;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TagStoreTest {
  private static final String ARN = "arn:aws:sagemaker:us-east-1:123456789012:model/m";

  @TempDir Path folder;

  @Test
  void tagsAreAddedPagedAndRemoved() {
    TagStore tags = new TagStore();
    Map<String, String> fifty = new TreeMap<>();
    for (int i = 0; i < TagStore.MOST; i++) {
      fifty.put("k" + i, "v" + i);
    }
    try (MetadataStore store = MetadataStore.open(folder.resolve("meta.db"), "db/meta")) {
      store.write(handle -> {
        tags.add(handle, ARN, fifty);
        tags.add(handle, ARN, Map.of("k0", "again"));
        return true;
      });
      assertThatThrownBy(() -> store.write(handle -> {
        tags.add(handle, ARN, Map.of("one", "more"));
        return true;
      })).isInstanceOf(Fault.class).extracting(fault -> ((Fault) fault).code()).isEqualTo("ResourceLimitExceeded");
      fifty.put("k0", "again");
      assertThat(store.<Map<String, String>>read(handle -> tags.all(handle, ARN))).isEqualTo(fifty);
      List<String> names = new ArrayList<>();
      Optional<String> token = Optional.empty();
      do {
        Optional<String> from = token;
        var page = store.read(handle -> tags.list(handle, ARN, OptionalInt.of(7), from));
        page.items().forEach(tag -> names.add(tag.getKey()));
        token = page.nextToken();
      } while (token.isPresent());
      assertThat(names).containsExactlyElementsOf(fifty.keySet());
      store.write(handle -> {
        tags.delete(handle, ARN, List.of("k1", "absent"));
        return true;
      });
      assertThat(store.<Map<String, String>>read(handle -> tags.all(handle, ARN))).hasSize(49).doesNotContainKey("k1");
    }
  }
}
