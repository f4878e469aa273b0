# Kafka where no registry is reached, with what compose.yaml uses of apache/kafka.
FROM datman-base-java:bookworm
COPY libs /opt/kafka/libs
COPY kafka.sh kafka-broker-api-versions.sh /opt/kafka/bin/
COPY --chown=1000:1000 data /var/lib/kafka/data
USER 1000:1000
ENTRYPOINT ["/opt/kafka/bin/kafka.sh"]
