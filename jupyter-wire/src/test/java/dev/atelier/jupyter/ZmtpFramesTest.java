package dev.atelier.jupyter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ZmtpFramesTest {

  /** The vectors are those of RFC 23: a flag, a length of one or eight bytes, the body. */
  @Test
  void framesAreThoseOfTheProtocol() throws WireException {
    assertThat(ZmtpFrames.encode(List.of(new byte[] {'a'}, new byte[0])))
        .containsExactly(1, 1, 'a', 0, 0);
    byte[] big = new byte[256];
    byte[] encoded = ZmtpFrames.encode(List.of(big));
    assertThat(Arrays.copyOf(encoded, 9)).containsExactly(2, 0, 0, 0, 0, 0, 0, 1, 0);
    assertThat(ZmtpFrames.decode(encoded)).hasSize(1).first().isEqualTo(big);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whatIsEncodedIsDecodedAndNothingElse(long seed) throws WireException {
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 300; round++) {
      List<byte[]> frames = new ArrayList<>();
      for (int i = random.nextInt(8); i >= 0; i--) {
        byte[] frame = new byte[random.nextInt(3) == 0 ? random.nextInt(2000) : random.nextInt(20)];
        random.nextBytes(frame);
        frames.add(frame);
      }
      byte[] bytes = ZmtpFrames.encode(frames);
      List<byte[]> back = ZmtpFrames.decode(bytes);
      assertThat(back).hasSameSizeAs(frames);
      for (int i = 0; i < frames.size(); i++) {
        assertThat(back.get(i)).isEqualTo(frames.get(i));
      }
      int cut = random.nextInt(bytes.length);
      assertThatThrownBy(() -> ZmtpFrames.decode(Arrays.copyOf(bytes, cut))).isInstanceOf(WireException.class);
      assertThatThrownBy(() -> ZmtpFrames.decode(Arrays.copyOf(bytes, bytes.length + 1)))
          .hasMessageContaining("more than one");
    }
  }
}
