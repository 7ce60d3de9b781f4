package dev.atelier.objects;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.zip.Checksum;

/** CRC-64/NVME, eight bytes at a step. */
final class Crc64Nvme implements Checksum {
  private static final long REFLECTED_POLYNOMIAL = 0x9A6C9329AC4BC9B5L;
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long[][] TABLES = tables();

  private long state = -1;

  @Override
  public void update(int value) {
    state = TABLES[0][(int) (state ^ value) & 0xff] ^ (state >>> 8);
  }

  @Override
  public void update(byte[] bytes, int offset, int length) {
    int at = offset;
    int end = offset + length;
    long crc = state;
    for (; at + Long.BYTES <= end; at += Long.BYTES) {
      long word = crc ^ (long) LONG.get(bytes, at);
      crc = TABLES[7][(int) word & 0xff]
          ^ TABLES[6][(int) (word >>> 8) & 0xff]
          ^ TABLES[5][(int) (word >>> 16) & 0xff]
          ^ TABLES[4][(int) (word >>> 24) & 0xff]
          ^ TABLES[3][(int) (word >>> 32) & 0xff]
          ^ TABLES[2][(int) (word >>> 40) & 0xff]
          ^ TABLES[1][(int) (word >>> 48) & 0xff]
          ^ TABLES[0][(int) (word >>> 56)];
    }
    state = crc;
    for (; at < end; at++) {
      update(bytes[at]);
    }
  }

  @Override
  public long getValue() {
    return ~state;
  }

  @Override
  public void reset() {
    state = -1;
  }

  private static long[][] tables() {
    long[][] tables = new long[Long.BYTES][256];
    for (int value = 0; value < 256; value++) {
      long crc = value;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) == 0 ? crc >>> 1 : (crc >>> 1) ^ REFLECTED_POLYNOMIAL;
      }
      tables[0][value] = crc;
    }
    for (int table = 1; table < tables.length; table++) {
      for (int value = 0; value < 256; value++) {
        long before = tables[table - 1][value];
        tables[table][value] = tables[0][(int) before & 0xff] ^ (before >>> 8);
      }
    }
    return tables;
  }
}
