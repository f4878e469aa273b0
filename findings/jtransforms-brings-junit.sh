#!/usr/bin/env bash
# JTransforms 3.2 (Fourier transforms) needs JLargeArrays 1.7, whose POM names JUnit 4 without a scope: a program that depends on
# JTransforms gets JUnit and Hamcrest on its compile and run-time class path. JTransforms 3.1 (JLargeArrays 1.5) does not.
# Needs Maven 3.8 or later and Maven Central. Exits 0 while it behaves so.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for version in 3.1 3.2; do
  cat >"$work/pom.xml" <<XML
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>example</groupId><artifactId>example</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>com.github.wendykierp</groupId><artifactId>JTransforms</artifactId><version>$version</version></dependency>
  </dependencies>
</project>
XML
  mvn -B -q -f "$work/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:tree \
    -DincludeScope=runtime -DoutputFile="$work/tree-$version"
  cat "$work/tree-$version"
done
grep -q 'pl.edu.icm:JLargeArrays:jar:1.5:compile' "$work/tree-3.1"
if grep -q 'junit:junit' "$work/tree-3.1"; then exit 1; fi
grep -q 'org.visnow:JLargeArrays:jar:1.7:compile' "$work/tree-3.2"
grep -q 'junit:junit:jar:4.*:compile' "$work/tree-3.2"
echo "as found: JUnit is on the class path of what uses JTransforms 3.2"
