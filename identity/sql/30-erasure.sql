-- Erases what this schema knows of a member: codes by the address; sessions, grants and tokens, which name
-- the account by its id. Answers how many rows it touched. Again: nothing is left to do.
CREATE OR REPLACE FUNCTION identity.erase_member(p_member uuid) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT platform.erase(p_member,
    'DELETE FROM identity.sign_in_code WHERE email_key IN (
       SELECT lower(normalize(a)) FROM members.addresses_of($1) a)',
    'DELETE FROM identity.oidc_record WHERE account_id = $1::text');
$$;
GRANT EXECUTE ON FUNCTION identity.erase_member(uuid) TO coalition_worker;
