// Creates tables and writes their data and delete files, through Iceberg's generic writers.
import java.time.*;
import java.util.*;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.*;
import org.apache.iceberg.data.*;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.deletes.*;
import org.apache.iceberg.encryption.EncryptedFiles;
import org.apache.iceberg.hadoop.HadoopTables;
import org.apache.iceberg.io.*;
import org.apache.iceberg.types.*;
import org.apache.iceberg.types.Types.*;
import org.apache.iceberg.variants.*;

class TableFiles {
  private static final HadoopTables TABLES = new HadoopTables(new Configuration());
  static String root;
  private static int nextFile = 0;

  static Table create(
      String name, Schema schema, PartitionSpec spec, int version, String... properties) {
    Map<String, String> all = new HashMap<>();
    all.put("format-version", "" + version);
    all.put("write.parquet.compression-codec", "zstd");
    for (int i = 0; i < properties.length; i += 2) all.put(properties[i], properties[i + 1]);
    return TABLES.create(schema, spec, all, root + "/" + name);
  }

  static Record record(Schema schema, Object... values) {
    return fill(GenericRecord.create(schema), values);
  }

  static Record fill(GenericRecord r, Object... values) {
    for (int i = 0; i < values.length; i++) r.set(i, values[i]);
    return r;
  }

  static OutputFile out(Table t, String kind) {
    return t.io().newOutputFile(t.location() + "/data/" + kind + "-" + nextFile++ + ".parquet");
  }

  static PartitionKey key(PartitionSpec spec, Schema schema, Record r) {
    PartitionKey key = new PartitionKey(spec, schema);
    key.partition(new InternalRecordWrapper(schema.asStruct()).wrap(r));
    return key;
  }

  static DataFile data(Table t, PartitionSpec spec, List<Record> rows) throws Exception {
    PartitionKey key = spec.isUnpartitioned() ? null : key(spec, t.schema(), rows.get(0));
    DataWriter<Record> w = new GenericAppenderFactory(t.schema(), spec)
                               .setAll(t.properties())
                               .newDataWriter(EncryptedFiles.plainAsEncryptedOutput(out(t, "d")),
                                   FileFormat.PARQUET, key);
    try (w) {
      rows.forEach(w::write);
    }
    return w.toDataFile();
  }

  static List<DataFile> split(Table t, List<Record> rows) throws Exception {
    Map<String, List<Record>> groups = new LinkedHashMap<>();
    for (Record r : rows) {
      String path =
          t.spec().isUnpartitioned() ? "" : t.spec().partitionToPath(key(t.spec(), t.schema(), r));
      groups.computeIfAbsent(path, k -> new ArrayList<>()).add(r);
    }
    List<DataFile> files = new ArrayList<>();
    for (List<Record> g : groups.values()) files.add(data(t, t.spec(), g));
    return files;
  }

  static List<DataFile> append(Table t, Record... rows) throws Exception {
    List<DataFile> files = split(t, Arrays.asList(rows));
    AppendFiles commit = t.newFastAppend();
    files.forEach(commit::appendFile);
    commit.commit();
    return files;
  }

  // Rows of `columns` only, in their order; `like` gives the partition.
  static DeleteFile equality(Table t, PartitionSpec spec, Record like, List<String> columns,
      Object[]... rows) throws Exception {
    List<NestedField> fields = new ArrayList<>();
    int[] ids = new int[columns.size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = t.schema().findField(columns.get(i)).fieldId();
      fields.add(t.schema().findField(columns.get(i)));
    }
    Schema schema = new Schema(fields);
    PartitionKey key = spec.isUnpartitioned() ? null : key(spec, t.schema(), like);
    EqualityDeleteWriter<Record> w =
        new GenericAppenderFactory(t.schema(), spec, ids, schema, null)
            .newEqDeleteWriter(
                EncryptedFiles.plainAsEncryptedOutput(out(t, "e")), FileFormat.PARQUET, key);
    try (w) {
      for (Object[] row : rows) w.write(record(schema, row));
    }
    return w.toDeleteFile();
  }

  static DeleteFile equality(Table t, List<String> columns, Object[]... rows) throws Exception {
    return equality(t, t.spec(), null, columns, rows);
  }

  // Positions as path, position pairs, sorted by both.
  static DeleteFile positions(Table t, PartitionSpec spec, StructLike partition, Object... pairs)
      throws Exception {
    PositionDeleteWriter<Record> w =
        new GenericAppenderFactory(t.schema(), spec)
            .newPosDeleteWriter(
                EncryptedFiles.plainAsEncryptedOutput(out(t, "p")), FileFormat.PARQUET, partition);
    try (w) {
      PositionDelete<Record> d = PositionDelete.create();
      for (int i = 0; i < pairs.length; i += 2) {
        w.write(
            d.set(((DataFile) pairs[i]).location(), ((Integer) pairs[i + 1]).longValue(), null));
      }
    }
    return w.toDeleteFile();
  }

  static void delete(Table t, DeleteFile... files) {
    RowDelta delta = t.newRowDelta();
    for (DeleteFile f : files) delta.addDeletes(f);
    delta.commit();
  }
}
