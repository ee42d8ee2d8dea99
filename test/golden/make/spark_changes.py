"""Golden tables of Spark: what changes over snapshots, deletes among it."""

import values
from publish import metadata_of, publish
from spark_writer import EVENT, MERGE_ON_READ, WRITER, append, case, create, finish, newest, reading


@case
def spec_evolution(spark):
    name = "spec_evolution"
    create(spark, name, EVENT)
    steps = [
        "ADD PARTITION FIELD bucket(3, id)",
        "ADD PARTITION FIELD months(ts) AS by_month",
        "REPLACE PARTITION FIELD bucket(3, id) WITH category",
        "DROP PARTITION FIELD by_month",
        "DROP PARTITION FIELD category",
    ]
    append(spark, name, values.events(0, 4))
    for n, step in enumerate(steps, start=1):
        spark.sql(f"ALTER TABLE {name} {step}")
        append(spark, name, values.events(4 * n, 4))
    spark.sql(f"DELETE FROM {name} WHERE id IN (2, 9, 21)")
    finish(
        spark,
        name,
        "partition fields added, replaced and dropped, then rows of three specs rewritten",
    )


@case
def schema_evolution(spark):
    name = "schema_evolution"
    create(
        spark,
        name,
        """id int NOT NULL, f float, dec decimal(9,2), name string, gone string, st struct<a: int,
        b: string>,
        li array<struct<p: float>>, m map<string, struct<v: int>>""",
    )
    spark.sql(f"""INSERT INTO {name} VALUES
        (1, 1.5, 1.25, 'one', 'old', struct(1, 'x'), array(struct(0.5)), map('k', struct(1))),
        (2, NULL, NULL, NULL, NULL, NULL, NULL, NULL)""")
    for step in [
        "ALTER COLUMN id TYPE bigint",
        "ALTER COLUMN f TYPE double",
        "ALTER COLUMN dec TYPE decimal(18,2)",
        "ALTER COLUMN st.a TYPE bigint",
        "ALTER COLUMN li.element.p TYPE double",
        "ALTER COLUMN m.value.v TYPE bigint",
        "RENAME COLUMN name TO title",
        "RENAME COLUMN st.b TO bee",
        "DROP COLUMN gone",
    ]:
        spark.sql(f"ALTER TABLE {name} {step}")
    spark.sql(f"""INSERT INTO {name} VALUES (1099511627776L, 1e300D, 9999999999999999.99, 'two',
        struct(1099511627776L, 'y'), array(struct(1e300D)), map('k', struct(1099511627776L)))""")
    for step in [
        "ADD COLUMN gone bigint AFTER id",
        "ADD COLUMN extra struct<n: date>",
        "ADD COLUMN st.c timestamp FIRST",
        "ADD COLUMN li.element.q string",
        "ADD COLUMN m.value.w boolean",
        "ALTER COLUMN title FIRST",
    ]:
        spark.sql(f"ALTER TABLE {name} {step}")
    spark.sql(
        f"""INSERT INTO {name} VALUES ('three', 3L, 33L, 3.0D, 3.00, struct(timestamp '2024-03-31
        01:30:00', 3L, NULL),
        array(struct(NULL, 'q'), NULL), map('k', struct(NULL, true), 'z', NULL), struct(date
        '2024-05-06'))"""
    )
    for step in [
        "RENAME COLUMN title TO gone2",
        "DROP COLUMN st.a",
        "ALTER COLUMN id DROP NOT NULL",
        "DROP COLUMN dec",
    ]:
        spark.sql(f"ALTER TABLE {name} {step}")
    spark.sql(f"UPDATE {name} SET gone = 1 WHERE id = 1")
    finish(
        spark,
        name,
        "promotion, rename, drop, re-added name, reorder, at the top and inside; an update",
    )


@case
def history(spark):
    name = "history"
    create(spark, name, EVENT, "PARTITIONED BY (category)")
    append(spark, name, values.events(0, 6))
    spark.sql(f"ALTER TABLE {name} CREATE TAG first")
    append(spark, name, values.events(6, 6))
    spark.sql(
        f"ALTER TABLE {name} CREATE BRANCH audit RETAIN 7 DAYS WITH SNAPSHOT RETENTION 2 SNAPSHOTS"
    )
    append(spark, name, values.events(100, 3), "audit")
    spark.sql(f"DELETE FROM {name} WHERE id = 3")
    spark.sql(f"DELETE FROM {name} WHERE category = 'alpha'")
    spark.sql(f"UPDATE {name} SET amount = amount + 1, category = 'zeta' WHERE id IN (1, 2)")
    spark.sql(
        f"""MERGE INTO {name} t USING (SELECT * FROM VALUES (4L, 'm'), (77L, 'n') AS v(id, c)) s
        ON t.id = s.id
        WHEN MATCHED THEN UPDATE SET category = s.c WHEN NOT MATCHED THEN INSERT (id, category)
        VALUES (s.id, s.c)"""
    )
    spark.sql("SET spark.sql.sources.partitionOverwriteMode=dynamic")
    spark.sql(f"INSERT OVERWRITE {name} SELECT 500L, NULL, 'beta', 5.00")
    spark.sql("SET spark.sql.sources.partitionOverwriteMode=static")
    before = spark.sql(
        f"SELECT snapshot_id FROM {WRITER}.{name}.snapshots ORDER BY committed_at DESC"
    ).collect()[2][0]
    spark.sql(f"CALL g.system.rollback_to_snapshot('spark.{name}', {before})")
    append(spark, name, values.events(200, 2))
    finish(
        spark,
        name,
        "copy on write of every statement, tag, branch, rollback (snapshots off the main line)",
        refs=["first", "audit"],
    )


@case
def position_deletes(spark):
    name = "position_deletes"
    create(spark, name, EVENT, **MERGE_ON_READ)
    append(spark, name, values.events(0, 10))
    append(spark, name, values.events(10, 10))
    spark.sql(f"DELETE FROM {name} WHERE id IN (0, 3, 4, 11)")
    spark.sql(f"UPDATE {name} SET category = 'new' WHERE id IN (5, 12)")
    spark.sql(f"DELETE FROM {name} WHERE category = 'new' AND id = 5")
    spark.sql(
        f"""MERGE INTO {name} t USING (SELECT * FROM VALUES (6L, 'm'), (13L, 'd'), (77L, 'n') AS
        v(id, c)) s ON t.id = s.id
        WHEN MATCHED AND s.c = 'd' THEN DELETE WHEN MATCHED THEN UPDATE SET category = s.c
        WHEN NOT MATCHED THEN INSERT (id, category) VALUES (s.id, s.c)"""
    )
    finish(
        spark,
        name,
        "merge on read: position deletes of delete, update and merge over two data files",
    )


@case
def position_deletes_partitioned(spark):
    name = "position_deletes_partitioned"
    create(
        spark,
        name,
        EVENT,
        "PARTITIONED BY (category)",
        **MERGE_ON_READ,
        **{"write.delete.granularity": "partition"},
    )
    append(spark, name, values.events(0, 16))
    append(spark, name, values.events(16, 16))
    spark.sql(f"DELETE FROM {name} WHERE id % 3 = 0")
    spark.sql(f"ALTER TABLE {name} REPLACE PARTITION FIELD category WITH truncate(20, id)")
    append(spark, name, values.events(32, 8))
    spark.sql(f"DELETE FROM {name} WHERE id IN (1, 17, 33)")
    spark.sql(f"ALTER TABLE {name} RENAME COLUMN amount TO price")
    spark.sql(f"UPDATE {name} SET price = -1 WHERE id = 34")
    finish(spark, name, "delete files for whole partitions, of two specs")


@case
def position_deletes_all_gone(spark):
    name = "position_deletes_all_gone"
    create(spark, name, "id int, s string", **MERGE_ON_READ)
    append(spark, name, [{"id": i, "s": str(i)} for i in range(5)])
    spark.sql(f"DELETE FROM {name} WHERE id % 2 = 0")
    spark.sql(f"DELETE FROM {name} WHERE s >= '1' AND abs(id) < 9")
    finish(spark, name, "every row of the only file deleted by position")


@case
def deletion_vectors(spark):
    name = "deletion_vectors"
    create(
        spark, name, EVENT, "PARTITIONED BY (category)", **MERGE_ON_READ, **{"format-version": "3"}
    )
    append(spark, name, values.events(0, 16))
    append(spark, name, values.events(16, 16))
    spark.sql(f"DELETE FROM {name} WHERE id % 5 = 0 AND id % 2 = 0")
    spark.sql(f"DELETE FROM {name} WHERE id % 3 = 0")
    spark.sql(f"UPDATE {name} SET amount = 0 WHERE id IN (1, 17, 22)")
    finish(
        spark, name, "format version 3: deletion vectors in Puffin files, replaced by later ones"
    )


@case
def deletion_vectors_large(spark):
    name = "deletion_vectors_large"
    create(spark, name, "id bigint, k int", **MERGE_ON_READ, **{"format-version": "3"})
    spark.sql(f"INSERT INTO {name} SELECT id div 1000 AS id, 7 AS k FROM range(0, 200000, 1, 1)")
    spark.sql(f"DELETE FROM {name} WHERE id >= 10 AND id < 150")  # runs, full containers
    spark.sql(f"DELETE FROM {name} WHERE id IN (3, 190)")
    path = newest(name)
    metadata = metadata_of(path)
    read = lambda **at: reading(spark, name, metadata, "id, k", **at)  # noqa: E731
    publish(WRITER, name, "vectors of more than one roaring container", path, [read()])


@case
def row_lineage(spark):
    name = "row_lineage"
    create(spark, name, EVENT, **{"format-version": "3"})
    append(spark, name, values.events(0, 5))
    append(spark, name, values.events(5, 5))
    spark.sql(f"UPDATE {name} SET category = 'new' WHERE id IN (2, 7)")
    spark.sql(f"DELETE FROM {name} WHERE id = 8")
    lineage = spark.sql(
        f"SELECT id, _row_id, _last_updated_sequence_number FROM {name} ORDER BY id"
    ).collect()
    finish(
        spark,
        name,
        "row ids kept by an update; lineage.jsonl has id, _row_id, _last_updated_sequence_number",
    )
    from canonical import dumps
    from publish import GOLDEN

    (GOLDEN / WRITER / name / "lineage.jsonl").write_text(
        "".join(dumps(r.asDict()) + "\n" for r in lineage)
    )


@case
def upgrades(spark):
    name = "upgrades"
    create(
        spark,
        name,
        EVENT,
        "PARTITIONED BY (truncate(10, id))",
        **MERGE_ON_READ,
        **{"format-version": "1"},
    )
    append(spark, name, values.events(0, 6))
    spark.sql(f"ALTER TABLE {name} DROP PARTITION FIELD truncate(10, id)")
    append(spark, name, values.events(6, 6))
    spark.sql(f"ALTER TABLE {name} SET TBLPROPERTIES ('format-version'='2')")
    append(spark, name, values.events(12, 4))
    spark.sql(f"DELETE FROM {name} WHERE id IN (1, 7, 13)")
    spark.sql(f"ALTER TABLE {name} SET TBLPROPERTIES ('format-version'='3')")
    spark.sql(f"DELETE FROM {name} WHERE id IN (2, 8, 14)")
    append(spark, name, values.events(16, 3))
    finish(
        spark,
        name,
        "v1 to v2 to v3: void field, position deletes and deletion vectors side by side",
    )


@case
def version_one(spark):
    name = "version_one"
    create(spark, name, EVENT, "PARTITIONED BY (category)", **{"format-version": "1"})
    append(spark, name, values.events(0, 6))
    spark.sql(f"ALTER TABLE {name} DROP PARTITION FIELD category")
    spark.sql(f"ALTER TABLE {name} ADD COLUMN note string")
    append(spark, name, [r | {"note": "n"} for r in values.events(6, 3)])
    spark.sql(f"DELETE FROM {name} WHERE id = 2")
    finish(spark, name, "format version 1")


@case
def maintained(spark):
    name = "maintained"
    create(
        spark,
        name,
        EVENT,
        "PARTITIONED BY (category)",
        **MERGE_ON_READ,
        **{"commit.manifest.min-count-to-merge": "2"},
    )
    for n in range(4):
        append(spark, name, values.events(6 * n, 6))
    spark.sql(f"DELETE FROM {name} WHERE id IN (1, 7, 13)")
    everything = "options => map('rewrite-all','true')"
    spark.sql(f"CALL g.system.rewrite_position_delete_files(table => 'spark.{name}', {everything})")
    spark.sql(
        f"CALL g.system.rewrite_data_files(table => 'spark.{name}', {everything},"
        " where => 'category = \"alpha\"')"
    )
    spark.sql(f"CALL g.system.rewrite_manifests('spark.{name}')")
    append(spark, name, values.events(24, 3))
    later = values.dt.datetime.now() + values.dt.timedelta(hours=1)
    spark.sql(
        f"CALL g.system.expire_snapshots(table => 'spark.{name}', retain_last => 2,"
        f" older_than => TIMESTAMP '{later}')"
    )
    finish(spark, name, "compacted data, deletes and manifests; expired snapshots")


@case
def late_snapshot_ids(spark):
    """Rows published through write-audit-publish: a staged snapshot, then cherry-picked."""
    name = "late_snapshot_ids"
    create(spark, name, EVENT, **{"write.wap.enabled": "true"})
    append(spark, name, values.events(0, 3))
    spark.conf.set("spark.wap.id", "job1")
    append(spark, name, values.events(3, 3))
    spark.conf.unset("spark.wap.id")
    append(spark, name, values.events(6, 3))
    staged = spark.sql(
        f"SELECT snapshot_id FROM {WRITER}.{name}.snapshots WHERE summary['wap.id'] = 'job1'"
    ).collect()[0][0]
    spark.sql(f"CALL g.system.cherrypick_snapshot('spark.{name}', {staged})")
    finish(spark, name, "a staged snapshot, later cherry-picked")
