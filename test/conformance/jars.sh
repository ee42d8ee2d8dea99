#!/usr/bin/env bash
## usage: test/conformance/jars.sh NAME
##
## Prints the directory of a pinned set of Java libraries, copying it by Maven when it is not there.
##   spark   iceberg-spark-runtime and the JDBC driver of its test catalog
##   java    what the Java recipe of test/golden needs beside Spark's own jars
##   rest    Iceberg's reference REST catalog server, for the DuckDB recipe of test/golden
source "$(dirname "${BASH_SOURCE[0]}")/../../scripts/steps.sh"

iceberg=1.11.0
jetty=12.1.5
case "${1:-}" in
  spark)
    wanted=("org.apache.iceberg:iceberg-spark-runtime-3.5_2.12:$iceberg"
      org.xerial:sqlite-jdbc:3.51.1.0)
    alone=1
    ;;
  java) wanted=(org.apache.commons:commons-lang3:3.18.0) alone=1 ;;
  rest)
    wanted=("org.apache.iceberg:iceberg-open-api:$iceberg:jar:test-fixtures"
      "org.apache.iceberg:iceberg-core:$iceberg" "org.apache.iceberg:iceberg-core:$iceberg:jar:tests"
      "org.apache.iceberg:iceberg-api:$iceberg:jar:tests"
      "org.apache.iceberg:iceberg-common:$iceberg:jar:tests"
      "org.apache.iceberg:iceberg-data:$iceberg" "org.apache.iceberg:iceberg-parquet:$iceberg"
      org.apache.hadoop:hadoop-client-api:3.4.2 org.apache.hadoop:hadoop-client-runtime:3.4.2
      "org.eclipse.jetty:jetty-server:$jetty" "org.eclipse.jetty.ee10:jetty-ee10-servlet:$jetty"
      "org.eclipse.jetty.compression:jetty-compression-server:$jetty"
      "org.eclipse.jetty.compression:jetty-compression-gzip:$jetty"
      org.xerial:sqlite-jdbc:3.51.1.0 org.slf4j:slf4j-simple:2.0.17
      org.junit.jupiter:junit-jupiter:5.14.1 org.assertj:assertj-core:3.27.6)
    alone=0
    ;;
  *) wrong "there is no set of jars '${1:-}'" ;;
esac

# pom FILE: one project that depends on what is wanted; alone=1 leaves out what that depends on.
pom() {
  local each group artifact version type classifier
  {
    echo '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>'
    echo '<groupId>crannog</groupId><artifactId>peers</artifactId><version>1</version><dependencies>'
    for each in "${wanted[@]}"; do
      IFS=: read -r group artifact version type classifier <<<"$each"
      echo "<dependency><groupId>$group</groupId><artifactId>$artifact</artifactId>"
      echo "<version>$version</version>${type:+<type>$type</type>}"
      echo "${classifier:+<classifier>$classifier</classifier>}"
      if ((alone)); then
        echo '<exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions>'
      fi
      echo '</dependency>'
    done
    echo '</dependencies></project>'
  } >"$1"
}

digest=$(sha256sum <<<"${wanted[*]}" | cut -c 1-12)
jars="$CRANNOG_DEPS/jars/$1-$digest"
mkdir -p "$CRANNOG_DEPS/jars"
exec 9>"$CRANNOG_DEPS/jars/.lock-$1"
flock 9
if [ ! -f "$jars/complete" ]; then
  command -v mvn >/dev/null || die "the jars of $1 need Maven" "apt-get install maven"
  rm -rf "$jars"
  work=$(mktemp -d)
  pom "$work/pom.xml"
  step "fetch the jars of $1" mvn -B -q -f "$work/pom.xml" dependency:copy-dependencies \
    -DoutputDirectory="$jars" -DincludeScope=runtime >&2 ||
    die "could not fetch the jars of $1" "check the network, then run it again"
  rm -r "$work"
  touch "$jars/complete"
fi
say "$jars"
