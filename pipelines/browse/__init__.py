"""The record in a browser: Datasette, told what the tables mean.

    metadata.toml   titles, descriptions, columns, facets, canned queries, charts
    plugin          functions for its SQL, links between tables, which columns to begin with
    server          puts them together; reads the database while others write it

Needs the extra `browse`; nothing here is imported without it but `server.serve`.
"""
