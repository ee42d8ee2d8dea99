// What Iceberg's own reader answers, written beside the tables as root/NAME.reads.json.
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.nio.ByteBuffer;
import java.time.*;
import java.time.format.DateTimeFormatter;
import java.util.*;
import org.apache.iceberg.*;
import org.apache.iceberg.data.*;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.deletes.*;
import org.apache.iceberg.io.*;
import org.apache.iceberg.types.*;
import org.apache.iceberg.types.Types.*;
import org.apache.iceberg.variants.*;

class TableRows extends TableFiles {
  static void finish(Table t, String name, String about, boolean versions) throws Exception {
    t.refresh();
    List<Object> reads = new ArrayList<>();
    reads.add(read(t, IcebergGenerics.read(t), t.schema(), null));
    if (versions) {
      for (Snapshot s : t.snapshots()) {
        Schema schema = t.schemas().get(s.schemaId());
        reads.add(
            read(t, IcebergGenerics.read(t).useSnapshot(s.snapshotId()), schema, s.snapshotId()));
      }
    }
    write(t, name, about, reads);
  }

  static void write(Table t, String name, String about, List<?> reads) throws Exception {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("about", about);
    all.put("metadata", ((HasTableOperations) t).operations().current().metadataFileLocation());
    all.put("reads", reads);
    new ObjectMapper().writeValue(
        new File(TableFiles.root.replace("file://", "") + "/" + name + ".reads.json"), all);
  }

  static Map<String, Object> read(
      Table t, IcebergGenerics.ScanBuilder scan, Schema schema, Long version) throws Exception {
    Map<String, Object> read = new LinkedHashMap<>();
    if (version != null)
      read.put("version", version);
    read.put("schema-id", schema.schemaId());
    List<Object> rows = new ArrayList<>();
    try (CloseableIterable<Record> it = scan.build()) {
      for (Record r : it) rows.add(plain(r.struct(), r));
    }
    read.put("rows", rows);
    return read;
  }

  static Object plain(Type type, Object v) {
    if (v == null)
      return null;
    switch (type.typeId()) {
      case STRUCT: {
        Map<String, Object> out = new LinkedHashMap<>();
        for (NestedField f : type.asStructType().fields())
          out.put(f.name(), plain(f.type(), ((Record) v).getField(f.name())));
        return out;
      }
      case LIST: {
        List<Object> out = new ArrayList<>();
        for (Object x : (List<?>) v) out.add(plain(type.asListType().elementType(), x));
        return out;
      }
      case MAP: {
        List<Object> out = new ArrayList<>();
        for (Map.Entry<?, ?> e : ((Map<?, ?>) v).entrySet()) {
          Map<String, Object> pair = new LinkedHashMap<>();
          pair.put("key", plain(type.asMapType().keyType(), e.getKey()));
          pair.put("value", plain(type.asMapType().valueType(), e.getValue()));
          out.add(pair);
        }
        return out;
      }
      case BINARY:
        return hex(ByteBuffer.class.cast(v));
      case FIXED:
        return hex(v instanceof byte[] ? ByteBuffer.wrap((byte[]) v) : (ByteBuffer) v);
      case TIME:
        return ((LocalTime) v).format(DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSS"));
      case BOOLEAN:
      case INTEGER:
      case LONG:
        return v;
      case VARIANT:
        return variant(((Variant) v).value());
      default:
        return v.toString();
    }
  }

  static String hex(ByteBuffer b) {
    byte[] bytes = new byte[b.remaining()];
    b.duplicate().get(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  static Object variant(VariantValue v) {
    if (v.type() == PhysicalType.OBJECT) {
      Map<String, Object> out = new TreeMap<>();
      for (String n : v.asObject().fieldNames()) out.put(n, variant(v.asObject().get(n)));
      return out;
    }
    if (v.type() == PhysicalType.ARRAY) {
      List<Object> out = new ArrayList<>();
      for (int i = 0; i < v.asArray().numElements(); i++) out.add(variant(v.asArray().get(i)));
      return out;
    }
    return v.type() == PhysicalType.NULL ? null : v.asPrimitive().get();
  }
}
