# PostgreSQL 17 where no registry is reached, with what compose.yaml uses of postgres:17.
FROM datman-base-java:bookworm
COPY pgsql /usr/local/pgsql
COPY passwd /etc/passwd
COPY postgres.sh /usr/local/bin/postgres.sh
COPY pg_isready.sh /usr/local/bin/pg_isready
COPY --chown=999:999 data /var/lib/postgresql/data
USER 999:999
ENTRYPOINT ["/usr/local/bin/postgres.sh"]
