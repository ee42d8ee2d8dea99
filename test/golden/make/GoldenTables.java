// Golden tables that only Iceberg's Java library writes: equality deletes, default values, types of
// version 3, partitions by uuid, time and fixed. Compiled and run by java_tables.py.
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.*;
import java.util.*;
import org.apache.iceberg.*;
import org.apache.iceberg.data.*;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.deletes.*;
import org.apache.iceberg.expressions.Literal;
import org.apache.iceberg.io.*;
import org.apache.iceberg.types.*;
import org.apache.iceberg.types.Types.*;
import org.apache.iceberg.variants.*;

public class GoldenTables extends EqualityCases {
  interface Case {
    void make(String name) throws Exception;
  }

  public static void main(String[] args) throws Exception {
    TableFiles.root = args[0];
    Map<String, Case> cases = new LinkedHashMap<>();
    cases.put("all_types", GoldenTables::allTypes);
    cases.put("partition_java", GoldenTables::partitionJava);
    cases.put("equality_deletes", GoldenTables::equalityDeletes);
    cases.put("equality_columns", GoldenTables::equalityColumns);
    cases.put("equality_upsert", GoldenTables::equalityUpsert);
    cases.put("equality_partitioned", GoldenTables::equalityPartitioned);
    cases.put("equality_global", GoldenTables::equalityGlobal);
    cases.put("equality_types", GoldenTables::equalityTypes);
    cases.put("equality_evolved", GoldenTables::equalityEvolved);
    cases.put("equality_dropped", GoldenTables::equalityDropped);
    cases.put("equality_nested", GoldenTables::equalityNested);
    cases.put("position_shared", GoldenTables::positionShared);
    cases.put("deletes_of_all_kinds", GoldenTables::deletesOfAllKinds);
    cases.put("default_values", GoldenTables::defaultValues);
    cases.put("nanoseconds", GoldenTables::nanoseconds);
    cases.put("unknown_type", GoldenTables::unknownType);
    cases.put("variants", GoldenTables::variants);
    List<String> wanted = new ArrayList<>(Arrays.asList(args).subList(1, args.length));
    if (wanted.isEmpty())
      wanted.addAll(cases.keySet());
    for (String name : wanted) {
      try {
        cases.get(name).make(name);
        System.out.println("made " + name);
      } catch (Throwable e) {
        System.out.println("FAILED " + name + ": " + e);
        e.printStackTrace();
      }
    }
  }

  static void allTypes(String name) throws Exception {
    Table t = create(name, ALL, PartitionSpec.unpartitioned(), 2);
    append(t, someOfAll());
    finish(t, name, "every type of version 2 by the reference library", false);
  }

  static void partitionJava(String name) throws Exception {
    // No identity on fixed: Iceberg 1.11 writes such a manifest with a length before the bytes,
    // which no other Avro reader can follow.
    PartitionSpec spec = PartitionSpec.builderFor(ALL)
                             .identity("u")
                             .identity("tm")
                             .identity("de")
                             .bucket("u", 5)
                             .bucket("tm", 5)
                             .bucket("fx", 5)
                             .truncate("bn", 2)
                             .truncate("d18", 50)
                             .build();
    Table t = create(name, ALL, spec, 2);
    append(t, someOfAll());
    finish(
        t, name, "identity on uuid and time, bucket on these and fixed, truncate on binary", false);
  }

  static void positionShared(String name) throws Exception {
    PartitionSpec spec = PartitionSpec.builderFor(EVENT).identity("category").build();
    Table t = create(name, EVENT, spec, 2);
    DataFile a = data(t, spec, List.of(event(1, "x"), event(2, "x"), event(3, "x")));
    DataFile b = data(t, spec, List.of(event(4, "x"), event(5, "x")));
    DataFile c = data(t, spec, List.of(event(6, "y"), event(7, "y")));
    t.newFastAppend().appendFile(a).appendFile(b).appendFile(c).commit();
    delete(t, positions(t, spec, a.partition(), a, 0, a, 2, b, 1),
        positions(t, spec, c.partition(), c, 1));
    delete(t, positions(t, spec, a.partition(), a, 0, b, 1)); // the same rows again
    finish(t, name,
        "one position delete file over two data files; the same positions deleted twice", true);
  }

  static void deletesOfAllKinds(String name) throws Exception {
    Table t = create(name, EVENT, PartitionSpec.unpartitioned(), 2);
    List<DataFile> first = append(t, events(0, 10));
    delete(t, positions(t, t.spec(), null, first.get(0), 1, first.get(0), 9));
    delete(t, equality(t, List.of("id"), row(3L), row(11L)));
    t.updateProperties().set("format-version", "3").commit();
    List<DataFile> second = append(t, events(10, 10));
    delete(t, equality(t, List.of("category"), row("gamma")));
    OutputFileFactory factory =
        OutputFileFactory.builderFor(t, 1, 1).format(FileFormat.PUFFIN).build();
    DVFileWriter dv = new BaseDVFileWriter(factory, p -> null);
    try (dv) {
      dv.delete(second.get(0).location(), 0L, t.spec(), null);
      dv.delete(second.get(0).location(), 4L, t.spec(), null);
    }
    delete(t, dv.result().deleteFiles().toArray(new DeleteFile[0]));
    append(t, event(3, "gamma"));
    finish(t, name,
        "position deletes, equality deletes and a deletion vector in one table, v2 then v3", true);
  }

  static void defaultValues(String name) throws Exception {
    Table t = create(name, new Schema(ID), PartitionSpec.unpartitioned(), 3);
    append(t, record(t.schema(), 1L), record(t.schema(), 2L));
    UpdateSchema u = t.updateSchema();
    u.addColumn("b", BooleanType.get(), Literal.of(true))
        .addColumn("i", IntegerType.get(), Literal.of(-7))
        .addColumn("l", LongType.get(), Literal.of(1L << 40))
        .addColumn("f", FloatType.get(), Literal.of(1.5f))
        .addColumn("d", DoubleType.get(), Literal.of(-2.25))
        .addColumn("s", StringType.get(), Literal.of("dĕfault \"q\""))
        .addColumn("dt", DateType.get(), Literal.of("2024-02-29").to(DateType.get()))
        .addColumn("tm", TimeType.get(), Literal.of("12:34:56.789012").to(TimeType.get()))
        .addColumn("ts", TimestampType.withoutZone(),
            Literal.of("1969-12-31T23:59:59.000001").to(TimestampType.withoutZone()))
        .addColumn("tz", TimestampType.withZone(),
            Literal.of("2024-03-31T01:30:00+00:00").to(TimestampType.withZone()))
        .addColumn(
            "de", DecimalType.of(20, 3), Literal.of(new BigDecimal("-12345678901234567.125")))
        .addColumn("u", UUIDType.get(),
            Literal.of(UUID.fromString("f79c3e09-677c-4bbd-a479-3f349cb785e7")))
        .addColumn("bn", BinaryType.get(), Literal.of(ByteBuffer.wrap(new byte[] {0, 1, -1})))
        .addColumn(
            "fx", FixedType.ofLength(3), Literal.of(new byte[] {9, 8, 7}).to(FixedType.ofLength(3)))
        .addRequiredColumn("must", IntegerType.get(), Literal.of(42))
        .addColumn("none", StringType.get())
        .commit();
    t.updateSchema().updateColumnDefault("i", Literal.of(100)).commit();
    Record r = GenericRecord.create(t.schema());
    r.setField("id", 3L);
    r.setField("must", 1);
    append(t, r);
    t.updateSchema()
        .addColumn("st", StructType.of(NestedField.optional(1, "a", IntegerType.get())))
        .commit();
    Record s = GenericRecord.create(t.schema());
    s.setField("id", 4L);
    s.setField("must", 2);
    s.setField("st", fill(GenericRecord.create(t.schema().findType("st").asStructType()), 5));
    append(t, s);
    t.updateSchema().addColumn("st", "c", StringType.get(), Literal.of("inner")).commit();
    finish(t, name,
        "initial defaults of every type for files older than the column, also inside a struct",
        true);
  }

  static void nanoseconds(String name) throws Exception {
    Schema schema = new Schema(ID, NestedField.optional(2, "ns", TimestampNanoType.withoutZone()),
        NestedField.optional(3, "nz", TimestampNanoType.withZone()));
    PartitionSpec spec =
        PartitionSpec.builderFor(schema).day("ns").hour("nz").bucket("nz", 3).build();
    Table t = create(name, schema, spec, 3);
    LocalDateTime base = LocalDateTime.of(1969, 12, 31, 23, 59, 59, 999_999_999);
    Record[] rows = new Record[5];
    for (int i = 0; i < 4; i++)
      rows[i] = record(schema, (long) i, base.plusNanos(i).plusYears(i * 20L),
          base.plusNanos(i * 1001L).atOffset(ZoneOffset.UTC));
    rows[4] = record(schema, 4L, null, null);
    append(t, rows);
    finish(t, name, "timestamp_ns and timestamptz_ns, partitioned by them", false);
  }

  static void unknownType(String name) throws Exception {
    Schema schema = new Schema(ID, NestedField.optional(2, "nothing", UnknownType.get()),
        NestedField.optional(3, "s", StringType.get()));
    Table t = create(name, schema, PartitionSpec.unpartitioned(), 3);
    append(t, record(schema, 1L, null, "a"), record(schema, 2L, null, null));
    finish(t, name, "the type unknown, which no file holds", false);
  }

  static void variants(String name) throws Exception {
    Schema schema = new Schema(ID, NestedField.optional(2, "v", VariantType.get()));
    Table t = create(name, schema, PartitionSpec.unpartitioned(), 3);
    VariantMetadata names = Variants.metadata("a", "b", "c");
    ShreddedObject object = Variants.object(names);
    object.put("a", Variants.of(5));
    object.put("b", Variants.of("text"));
    ValueArray array = Variants.array();
    array.add(Variants.of(1));
    array.add(Variants.ofNull());
    array.add(Variants.of(true));
    object.put("c", array);
    append(t, record(schema, 1L, Variant.of(names, object)), record(schema, 2L, null),
        record(schema, 3L, Variant.of(Variants.emptyMetadata(), Variants.of("plain"))),
        record(schema, 4L, Variant.of(Variants.emptyMetadata(), Variants.of(1.5))),
        record(schema, 5L, Variant.of(Variants.emptyMetadata(), Variants.ofNull())));
    finish(t, name, "variant: object, array, text, number, variant null and NULL", false);
  }
}
