import { describe, expect, it } from '@jest/globals';

import { changePasswordBody } from './upstream-body.js';

const bodyOf = (currentPassword: string, newPassword = 'new') =>
  changePasswordBody({ currentPassword, newPassword });

describe('changePasswordBody', () => {
  it('has four parameters, in this order', () => {
    expect(bodyOf('old')).toBe('Action=ChangePassword&Version=2010-05-08&OldPassword=old&NewPassword=new');
  });

  it.each([
    ['AZaz09-_.~', 'AZaz09-_.~'],
    [' ', '%20'],
    ['+', '%2B'],
    ['%20', '%2520'],
    ["!'()*", '%21%27%28%29%2A'],
    ['&=/?#', '%26%3D%2F%3F%23'],
    ['"\t\r\n\u0000', '%22%09%0D%0A%00'],
    ['\u00e9', '%C3%A9'],
    ['e\u0301', 'e%CC%81'],
    ['€', '%E2%82%AC'],
    ['😀', '%F0%9F%98%80'],
    ['&Action=DeleteUser', '%26Action%3DDeleteUser'],
  ])('writes %j as %s', (password, encoded) => {
    expect(bodyOf(password)).toContain(`&OldPassword=${encoded}&NewPassword=new`);
    expect(bodyOf('old', password)).toMatch(new RegExp(`&NewPassword=${encoded}$`));
  });

  it('leaves no other character of IAM as it is', () => {
    const characters = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code));
    const plain = characters.filter(
      (character) => bodyOf(character) === bodyOf('?').replace('%3F', character),
    );
    expect(plain.join('')).toBe('-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~');
  });

  it('cannot carry half of a surrogate pair', () => {
    expect(() => bodyOf('\ud83d')).toThrow('URI malformed');
  });
});
