/** Where MySQL and MariaDB listen when nobody says otherwise. */
export const MYSQL_PORT = 3306;
