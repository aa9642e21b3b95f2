/**
 * Settings of the embedded server, given on its command line so that a new version of Assay brings new ones to an old
 * folder. Small, so that an idle server costs little (about 40 MB): one user, short transactions, no replication.
 */
export function serverSettings(socketFolder: string): Record<string, string> {
  return {
    listen_addresses: '',
    unix_socket_directories: socketFolder,
    unix_socket_permissions: '0700',
    port: String(SOCKET_PORT),
    max_connections: '100',
    shared_buffers: '64MB',
    // A queue table lives on being vacuumed; every 2 minutes costs nothing measurable.
    autovacuum_naptime: '2min',
    // No replica reads the log, so it may be as short as crash recovery allows.
    wal_level: 'minimal',
    max_wal_senders: '0',
    max_wal_size: '256MB',
    min_wal_size: '32MB',
    checkpoint_timeout: '15min',
    // Our statements are short; compiling them costs more than it saves, and a parallel one needs /dev/shm,
    // of which containers have 64 MB.
    jit: 'off',
    max_parallel_workers_per_gather: '0',
    max_parallel_maintenance_workers: '0',
    max_logical_replication_workers: '0',
    // Three processes fewer than the default of version 18.
    io_method: 'sync',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_line_prefix: '%m [%p] ',
    log_checkpoints: 'off',
    logging_collector: 'off',
    // SIGQUIT and crash of one backend: the postmaster begins anew by itself.
    restart_after_crash: 'on',
  };
}

/** No TCP port: it is only the suffix of the socket's file name. */
export const SOCKET_PORT = 5432;
