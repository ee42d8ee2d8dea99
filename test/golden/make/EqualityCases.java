// The cases with equality deletes, which no SQL engine writes.
import java.math.BigDecimal;
import java.time.*;
import java.util.*;
import org.apache.iceberg.*;
import org.apache.iceberg.data.*;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.deletes.*;
import org.apache.iceberg.encryption.EncryptedFiles;
import org.apache.iceberg.io.*;
import org.apache.iceberg.types.*;
import org.apache.iceberg.types.Types.*;
import org.apache.iceberg.variants.*;

class EqualityCases extends TableValues {
  static void equalityDeletes(String name) throws Exception {
    Table t = create(name, EVENT, PartitionSpec.unpartitioned(), 2);
    append(t, events(0, 8));
    delete(t, equality(t, List.of("id"), row(1L), row(4L), row(99L)));
    append(t, event(1, "again"), event(20, "beta"));
    delete(t, equality(t, List.of("category"), row("beta")));
    append(t, events(30, 4));
    delete(t, equality(t, List.of("category"), row((Object) null))); // NULL equals NULL here
    finish(
        t, name, "equality deletes by one column, also by NULL; rows that came later stay", true);
  }

  static void equalityColumns(String name) throws Exception {
    Table t = create(name, EVENT, PartitionSpec.unpartitioned(), 2);
    append(t, events(0, 12));
    delete(t,
        equality(t, List.of("category", "id"), row("alpha", 4L), row("alpha", 5L), row(null, 2L)),
        equality(t, List.of("ts", "amount"), row(LocalDateTime.of(2024, 2, 29, 1, 0), null),
            row(LocalDateTime.of(2024, 2, 29, 6, 0), new BigDecimal("10.00"))));
    finish(t, name,
        "equality deletes by two columns, two delete files with different columns in one commit",
        true);
  }

  static void equalityUpsert(String name) throws Exception {
    Table t = create(name, EVENT, PartitionSpec.unpartitioned(), 2);
    append(t, events(0, 6));
    for (int round = 0; round < 2; round++) {
      // As Flink's upsert writes: the new rows and the deletes of the old ones in one commit; a row
      // that came twice in the checkpoint is deleted by its position in the new file.
      DataFile rows = data(t, t.spec(),
          List.of(event(2, "first" + round), event(3, "new" + round), event(2, "second" + round)));
      t.newRowDelta()
          .addRows(rows)
          .addDeletes(equality(t, List.of("id"), row(2L), row(3L)))
          .addDeletes(positions(t, t.spec(), null, rows, 0))
          .commit();
    }
    finish(t, name,
        "rows, equality and position deletes of one commit: equality reaches only older rows",
        true);
  }

  static void equalityPartitioned(String name) throws Exception {
    PartitionSpec spec =
        PartitionSpec.builderFor(EVENT).identity("category").bucket("id", 2).build();
    Table t = create(name, EVENT, spec, 2);
    append(t, events(0, 16));
    // Only within the partition of row 0: id 4 goes if it lies there, id 1 (another category)
    // stays.
    delete(t,
        equality(
            t, spec, events(0, 1)[0], List.of("id"), row(0L), row(1L), row(4L), row(8L), row(12L)),
        equality(t, spec, event(2, null), List.of("id"), row(2L), row(6L), row(10L), row(14L)));
    finish(
        t, name, "equality deletes reach their partition only, a NULL partition among them", true);
  }

  static void equalityGlobal(String name) throws Exception {
    Table t = create(name, EVENT, PartitionSpec.unpartitioned(), 2);
    PartitionSpec bare = t.spec();
    append(t, events(0, 4));
    t.updateSpec().addField("category").commit();
    append(t, events(4, 8));
    delete(t, equality(t, bare, null, List.of("id"), row(1L), row(5L), row(6L)));
    append(t, event(5, "beta"));
    delete(t, equality(t, t.spec(), event(0, "gamma"), List.of("id"), row(3L), row(7L), row(11L)));
    finish(t, name,
        "an unpartitioned equality delete reaches every partition; a partitioned one not the older spec",
        true);
  }

  static void equalityTypes(String name) throws Exception {
    Table t = create(name, ALL, PartitionSpec.unpartitioned(), 2);
    String[] columns = {"b", "i", "dt", "tm", "ts", "tz", "s", "u", "fx", "bn", "de", "d9", "d18"};
    Record[] rows = new Record[3 * columns.length];
    DeleteFile[] deletes = new DeleteFile[columns.length];
    for (int n = 0; n < columns.length; n++) {
      for (int k = 0; k < 3; k++) {
        rows[3 * n + k] = all(k + 1).copy();
        rows[3 * n + k].set(0, n * 10L + k);
      }
      // Only these rows have this id, so what the other columns' deletes name stays.
      Object v = all(2).getField(columns[n]);
      deletes[n] =
          equality(t, List.of("id", columns[n]), row(n * 10L + 1, v), row(n * 10L + 2, v));
    }
    append(t, rows);
    delete(t, deletes);
    delete(t, equality(t, List.of("dt"), row(all(3).getField("dt"))));
    finish(t, name, "equality deletes by a value of every type", false);
  }

  static void equalityEvolved(String name) throws Exception {
    Schema schema = new Schema(NestedField.required(1, "k", IntegerType.get()),
        NestedField.optional(2, "v", StringType.get()),
        NestedField.optional(3, "w", IntegerType.get()));
    Table t = create(name, schema, PartitionSpec.unpartitioned(), 2);
    append(t, record(t.schema(), 1, "a", 1), record(t.schema(), 2, "b", 2),
        record(t.schema(), 3, "c", 3), record(t.schema(), 4, "d", 4));
    delete(t, equality(t, List.of("k"), row(1)), equality(t, List.of("w"), row(2)));
    t.updateSchema()
        .updateColumn("k", LongType.get())
        .renameColumn("v", "name")
        .renameColumn("w", "v")
        .commit();
    t.updateSchema().renameColumn("v", "n").commit();
    t.updateSchema().moveFirst("n").commit();
    append(t, record(t.schema(), null, 1L, "a2"), record(t.schema(), 2, 1L << 40, "big"));
    delete(t, equality(t, List.of("name"), row("c")), equality(t, List.of("k"), row(1L << 40)));
    t.updateSchema().addColumn("v", StringType.get()).commit();
    append(t, record(t.schema(), 5, 9L, "i", "c"));
    delete(t,
        equality(t, List.of("v"), row("zzz"),
            row((Object) null))); // older files have no such column: NULL
    finish(t, name, "equality by columns promoted, renamed, moved, and added after the data", true);
  }

  // Iceberg's own reader gives up here ("Cannot find required field for ID 2"), while the
  // specification says that a dropped column is still used to apply its deletes: the expected rows
  // follow from that.
  static void equalityDropped(String name) throws Exception {
    Table t = create(name, EVENT, PartitionSpec.unpartitioned(), 2);
    append(t, events(0, 4));
    delete(t, equality(t, List.of("category"), row("beta")));
    Map<String, Object> before =
        read(t, IcebergGenerics.read(t), t.schema(), t.currentSnapshot().snapshotId());
    t.updateSchema().deleteColumn("category").commit();
    Map<String, Object> now = new LinkedHashMap<>(before);
    now.remove("version");
    now.put("schema-id", t.schema().schemaId());
    write(
        t, name, "equality deletes by a column that was dropped afterwards", List.of(now, before));
  }

  static void equalityNested(String name) throws Exception {
    StructType inner = StructType.of(NestedField.optional(3, "x", IntegerType.get()),
        NestedField.optional(4, "y", StringType.get()));
    Schema schema = new Schema(ID, NestedField.optional(2, "st", inner));
    Table t = create(name, schema, PartitionSpec.unpartitioned(), 2);
    Record[] rows = new Record[5];
    for (int i = 0; i < 5; i++)
      rows[i] =
          record(schema, (long) i, i == 4 ? null : fill(GenericRecord.create(inner), i, "y" + i));
    append(t, rows);
    // A delete by a nested field keeps its parents in the delete file.
    Schema columns = schema.select("st.x");
    EqualityDeleteWriter<Record> w =
        new GenericAppenderFactory(schema, t.spec(), new int[] {3}, columns, null)
            .newEqDeleteWriter(
                EncryptedFiles.plainAsEncryptedOutput(out(t, "e")), FileFormat.PARQUET, null);
    try (w) {
      w.write(
          record(columns, fill(GenericRecord.create(columns.findType("st").asStructType()), 2)));
    }
    delete(t, w.toDeleteFile());
    finish(t, name, "equality delete by a field inside a struct", true);
  }
}
