package dev.atelier.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written under a key is read under it, from anywhere, and under no other. */
final class SealedContentTest {
  private static final int SEGMENT = 1 << 20;

  @TempDir Path root;
  private ObjectFiles files;
  private final byte[] secret = new byte[ContentKey.LENGTH];
  private final ContentKey key = new ContentKey(secret);

  @BeforeEach
  void open() throws IOException {
    files = ObjectFiles.open(root, Disk.REAL);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1000, SEGMENT - 57, SEGMENT, SEGMENT + 1, 3 * SEGMENT + 17})
  void anyRangeIsWhatWasWritten(int size) throws IOException {
    byte[] content = random(size, size);
    BodyWriter.Written written = write(content, 0);
    assertThat(Files.size(files.path(written.body().inFile()))).isEqualTo(ContentKey.sealedSize(size));
    StoredObject object = object(written.body().inFile(), size, List.of());
    RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
    for (int turn = 0; turn < 20; turn++) {
      int from = size == 0 ? 0 : random.nextInt(size);
      int length = random.nextInt(size - from + 1);
      assertThat(read(object, key, from, length)).isEqualTo(Arrays.copyOfRange(content, from, from + length));
    }
    assertThat(read(object, key, 0, size)).isEqualTo(content);
  }

  @Test
  void partsOneAfterTheOtherAreOneContent() throws IOException {
    List<StoredObject.Part> parts = new ArrayList<>();
    byte[] content = random(2 * SEGMENT + 300, 7);
    Path joined = root.resolve("joined");
    int[] sizes = {SEGMENT + 5, 295, SEGMENT};
    int at = 0;
    try (FileChannel target = FileChannel.open(joined, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (int number = 1; number <= sizes.length; number++) {
        BodyWriter.Written part = write(Arrays.copyOfRange(content, at, at + sizes[number - 1]), number);
        target.write(ByteBuffer.wrap(Files.readAllBytes(files.path(part.body().inFile()))));
        parts.add(new StoredObject.Part(number, sizes[number - 1], Optional.empty()));
        at += sizes[number - 1];
      }
    }
    StoredObject object = object("joined", content.length, parts);
    try (ObjectReader reader = reader(object, joined, key)) {
      assertThat(reader.stream(0, content.length).readAllBytes()).isEqualTo(content);
    }
    try (ObjectReader reader = reader(object, joined, key)) {
      assertThat(reader.stream(SEGMENT, 400).readAllBytes())
          .isEqualTo(Arrays.copyOfRange(content, SEGMENT, SEGMENT + 400));
    }
  }

  @Test
  void whatIsChangedCutOrOfAnotherKeyDoesNotOpen() throws IOException {
    byte[] content = random(SEGMENT + 1000, 3);
    BodyWriter.Written written = write(content, 0);
    StoredObject object = object(written.body().inFile(), content.length, List.of());
    byte[] other = secret.clone();
    other[5] = 1;
    assertThatThrownBy(() -> read(object, new ContentKey(other), 0, 10)).isInstanceOf(IOException.class);
    byte[] sealed = Files.readAllBytes(files.path(written.body().inFile()));
    assertThat(new String(sealed, StandardCharsets.ISO_8859_1))
        .doesNotContain(new String(content, 0, 32, StandardCharsets.ISO_8859_1));
    for (int place : new int[] {0, 40, SEGMENT - 1, SEGMENT, sealed.length - 1}) {
      byte[] changed = sealed.clone();
      changed[place] ^= 1;
      Path file = Files.write(root.resolve("changed"), changed);
      assertThatThrownBy(() -> readAll(object, file)).as("byte " + place).isInstanceOf(IOException.class);
    }
    Path cut = Files.write(root.resolve("cut"), Arrays.copyOf(sealed, SEGMENT));
    assertThatThrownBy(() -> readAll(object, cut)).isInstanceOf(IOException.class);
  }

  private void readAll(StoredObject object, Path file) throws IOException {
    try (ObjectReader reader = reader(object, file, key)) {
      reader.stream().readAllBytes();
    }
  }

  private BodyWriter.Written write(byte[] content, int part) {
    return new BodyWriter(files).write(new ByteArrayInputStream(content), BodyChecks.NONE,
        Optional.of(new BodyWriter.Sealing(key, part)), OptionalInt.empty());
  }

  private byte[] read(StoredObject object, ContentKey with, int from, int length) throws IOException {
    try (ObjectReader reader = reader(object, files.path(object.file()), with)) {
      return reader.stream(from, length).readAllBytes();
    }
  }

  private static ObjectReader reader(StoredObject object, Path file, ContentKey with) throws IOException {
    return new ObjectReader(object, new Content.InFile(FileChannel.open(file, StandardOpenOption.READ)), Optional.of(with));
  }

  private static StoredObject object(String file, int size, List<StoredObject.Part> parts) {
    return new StoredObject("b", "k", size, "", Instant.EPOCH, ObjectAttributes.NONE, Optional.empty(), parts, file);
  }

  private static byte[] random(int size, long seed) {
    byte[] content = new byte[size];
    new Random(seed).nextBytes(content);
    return content;
  }
}
