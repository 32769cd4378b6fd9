#!/bin/sh
# First start of the database server: one database and one owner for each service.
# The application's roles are made by each service's migrate step.
set -eu
for service in contacts deals notifier; do
  password=$(printenv "$(echo "${service}_OWNER_PASSWORD" | tr '[:lower:]' '[:upper:]')")
  psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    --set service="$service" --set owner="${service}_owner" --set password="$password" <<'SQL'
CREATE ROLE :"owner" LOGIN CREATEROLE PASSWORD :'password';
CREATE DATABASE :"service" OWNER :"owner";
REVOKE CONNECT ON DATABASE :"service" FROM PUBLIC;
SQL
  psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$service" \
    --command 'CREATE EXTENSION IF NOT EXISTS citext' \
    --command 'CREATE EXTENSION IF NOT EXISTS pg_trgm' \
    --command 'CREATE EXTENSION IF NOT EXISTS unaccent'
done
