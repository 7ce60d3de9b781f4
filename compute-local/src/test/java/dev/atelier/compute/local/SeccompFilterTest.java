package dev.atelier.compute.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.compute.ComputeException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs the program as the kernel would; the escape checks run it on the kernel itself. */
final class SeccompFilterTest {
  private static final int X86 = 0xC000003E;
  private static final int ARM = 0xC00000B7;
  private static final int ALLOW = 0x7fff0000;
  private static final int REFUSE = 0x00050001;
  private static final int UNKNOWN = 0x00050026;

  private static int answer(String architecture, int audit, int call, long first, long second) {
    ByteBuffer program = ByteBuffer.wrap(SeccompFilter.program(architecture)).order(ByteOrder.nativeOrder());
    int[] data = new int[16];
    data[0] = call;
    data[1] = audit;
    data[4] = (int) first;
    data[6] = (int) second;
    int held = 0;
    for (int at = 0; ; at++) {
      int code = program.getShort(at * 8);
      int value = program.getInt(at * 8 + 4);
      boolean jump = switch (code) {
        case 0x15 -> held == value;
        case 0x35 -> Integer.compareUnsigned(held, value) >= 0;
        case 0x45 -> (held & value) != 0;
        default -> false;
      };
      switch (code) {
        case 0x20 -> held = data[value / 4];
        case 0x06 -> {
          return value;
        }
        default -> at += program.get(at * 8 + (jump ? 2 : 3));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"amd64,0", "amd64,1", "amd64,39", "amd64,59", "aarch64,63", "aarch64,64", "aarch64,221", "aarch64,172"})
  void ordinaryCallsPass(String architecture, int call) {
    assertThat(answer(architecture, architecture.equals("amd64") ? X86 : ARM, call, 2, 1)).isEqualTo(ALLOW);
  }

  @ParameterizedTest
  @CsvSource({"amd64,165", "amd64,250", "amd64,321", "amd64,425", "amd64,308", "aarch64,40", "aarch64,219",
      "aarch64,280", "aarch64,425", "aarch64,268"})
  void dangerousCallsAreRefused(String architecture, int call) {
    assertThat(answer(architecture, architecture.equals("amd64") ? X86 : ARM, call, 0, 0)).isEqualTo(REFUSE);
  }

  @Test
  void flagsDecide() {
    assertThat(answer("amd64", X86, 56, 0x11, 0)).isEqualTo(ALLOW);
    assertThat(answer("amd64", X86, 56, 0x10000011, 0)).isEqualTo(REFUSE);
    assertThat(answer("aarch64", ARM, 220, 0x10000011, 0)).isEqualTo(REFUSE);
    assertThat(answer("amd64", X86, 272, 0x400, 0)).isEqualTo(ALLOW);
    assertThat(answer("amd64", X86, 272, 0x80, 0)).isEqualTo(REFUSE);
    assertThat(answer("amd64", X86, 435, 0, 0)).isEqualTo(UNKNOWN);
    assertThat(answer("amd64", X86, 16, 0, 0x5412)).isEqualTo(REFUSE);
    assertThat(answer("amd64", X86, 16, 0, 0x5413)).isEqualTo(ALLOW);
    assertThat(answer("amd64", X86, 41, 40, 0)).isEqualTo(REFUSE);
    assertThat(answer("amd64", X86, 41, 2, 0)).isEqualTo(ALLOW);
  }

  @Test
  void otherArchitecturesAreRefused() {
    assertThat(answer("amd64", 0x40000003, 20, 0, 0)).isEqualTo(REFUSE);
    assertThat(answer("amd64", X86, 0x40000000 | 39, 0, 0)).isEqualTo(REFUSE);
    assertThat(answer("aarch64", 0x40000028, 20, 0, 0)).isEqualTo(REFUSE);
    assertThatThrownBy(() -> SeccompFilter.program("mips")).isInstanceOf(ComputeException.class);
  }
}
