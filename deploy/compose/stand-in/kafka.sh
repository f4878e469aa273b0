#!/bin/bash
# Kafka from its jars, with the settings of the image apache/kafka: KAFKA_LOG_DIRS is log.dirs, CLUSTER_ID its identity.
set -euo pipefail
heap=${KAFKA_HEAP_OPTS:-}
settings=/tmp/server.properties
env | sed -n 's/^KAFKA_\([A-Z0-9_]*\)=\(.*\)$/\1 \2/p' | while read -r name value; do
  case $name in HEAP_OPTS) ;; *) printf '%s=%s\n' "$(tr 'A-Z_' 'a-z.' <<<"$name")" "$value" ;; esac
done >"$settings"
run=(java $heap -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -cp '/opt/kafka/libs/*')
"${run[@]}" kafka.tools.StorageTool format --ignore-formatted --cluster-id "$CLUSTER_ID" --config "$settings"
exec "${run[@]}" kafka.Kafka "$settings"
