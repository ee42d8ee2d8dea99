// The rows that the cases share.
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.*;
import java.util.*;
import org.apache.iceberg.*;
import org.apache.iceberg.data.*;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.deletes.*;
import org.apache.iceberg.io.*;
import org.apache.iceberg.types.*;
import org.apache.iceberg.types.Types.*;
import org.apache.iceberg.variants.*;

class TableValues extends TableRows {
  static final NestedField ID = NestedField.required(1, "id", LongType.get());
  static final Schema EVENT = new Schema(ID, NestedField.optional(2, "category", StringType.get()),
      NestedField.optional(3, "amount", DecimalType.of(9, 2)),
      NestedField.optional(4, "ts", TimestampType.withoutZone()));

  static Record event(long id, String category) {
    return record(EVENT, id, category, id % 4 == 3 ? null : BigDecimal.valueOf(id * 125, 2),
        LocalDateTime.of(2024, 2, 28, 22, 0).plusHours(id));
  }

  static Record[] events(int from, int count) {
    String[] names = {"alpha", "beta", null, "gamma"};
    Record[] out = new Record[count];
    for (int i = 0; i < count; i++) out[i] = event(from + i, names[(from + i) % 4]);
    return out;
  }

  static Object[] row(Object... values) {
    return values;
  }

  static final Schema ALL = new Schema(ID, NestedField.optional(2, "b", BooleanType.get()),
      NestedField.optional(3, "i", IntegerType.get()),
      NestedField.optional(4, "f", FloatType.get()), NestedField.optional(5, "d", DoubleType.get()),
      NestedField.optional(6, "dt", DateType.get()), NestedField.optional(7, "tm", TimeType.get()),
      NestedField.optional(8, "ts", TimestampType.withoutZone()),
      NestedField.optional(9, "tz", TimestampType.withZone()),
      NestedField.optional(10, "s", StringType.get()),
      NestedField.optional(11, "u", UUIDType.get()),
      NestedField.optional(12, "fx", FixedType.ofLength(16)),
      NestedField.optional(13, "bn", BinaryType.get()),
      NestedField.optional(14, "de", DecimalType.of(38, 18)),
      NestedField.optional(15, "d9", DecimalType.of(9, 0)),
      NestedField.optional(16, "d18", DecimalType.of(18, 17)));

  static Record all(int i) {
    byte[] fixed = new byte[16];
    Arrays.fill(fixed, (byte) (i * 77));
    return record(ALL, (long) i, i % 2 == 0, i * -1000003, i / 3f, i / 7d,
        LocalDate.ofEpochDay(i * 7919L - 20000),
        LocalTime.ofNanoOfDay(i * 12_345_678_901_000L % 86_400_000_000_000L),
        LocalDateTime.of(1969, 12, 30, 5, 6).plusSeconds(i * 40_000_000L).plusNanos(i * 1000L),
        OffsetDateTime.of(1969, 12, 31, 23, 0, 0, 0, ZoneOffset.UTC).plusHours(i * 9L),
        "s".repeat(i) + (char) (0x100 * i + 0x61), new UUID(0xf79c3e09677c4bbdL * i, ~0L * i),
        fixed, ByteBuffer.wrap(("b\0" + i).getBytes()),
        new BigDecimal("-12345678901234567890.123456789012345678")
            .multiply(BigDecimal.valueOf(i))
            .setScale(18),
        BigDecimal.valueOf(i * 99_999_999L), BigDecimal.valueOf(i - 3).setScale(17));
  }

  static Record[] someOfAll() {
    Record[] rows = new Record[8];
    for (int i = 0; i < 7; i++) rows[i] = all(i);
    rows[7] = record(ALL, 7L);
    return rows;
  }
}
