"use strict";(self.rspackChunkhimalia_lab=self.rspackChunkhimalia_lab||[]).push([[232],{475(e,t,a){var r=a(601),n=a.n(r),o=a(314),i=(a.n(o))()(n());i.push([e.id,`.himalia-visually-hidden {
  position: absolute;
  width: 1px;
  height: 1px;
  overflow: hidden;
  clip-path: inset(50%);
  white-space: nowrap;
}

.himalia-badge {
  display: flex;
  align-items: stretch;
}

.himalia-badge-button {
  border: 0;
  padding: 0 6px;
  height: 100%;
  line-height: 1;
  background: transparent;
  color: var(--jp-ui-font-color1);
  font: inherit;
  font-size: var(--jp-ui-font-size1);
  cursor: pointer;
}

.himalia-badge-button:hover {
  background: var(--jp-layout-color3);
}

.himalia-badge-button:focus-visible,
.himalia-panel button:focus-visible,
.himalia-panel a:focus-visible,
.himalia-panel select:focus-visible {
  outline: 2px solid var(--jp-brand-color1);
  outline-offset: -2px;
}

.himalia-dialog {
  max-width: 34rem;
  line-height: 1.45;
}

.himalia-dialog p {
  margin: 0.4rem 0;
}

.himalia-dialog a,
.himalia-panel a {
  color: var(--jp-content-link-color);
  text-decoration: underline;
}

.himalia-facts {
  display: grid;
  grid-template-columns: max-content 1fr;
  gap: 0.3rem 1rem;
  margin: 0.6rem 0;
}

.himalia-facts dt {
  color: var(--jp-ui-font-color1);
  font-weight: 600;
}

.himalia-facts dd {
  margin: 0;
  min-width: 0;
}

.himalia-facts code {
  overflow-wrap: anywhere;
  user-select: all;
}

.himalia-files {
  margin: 0;
  padding-left: 1.1rem;
}

.himalia-on-time,
.himalia-late {
  padding: 0.4rem 0.6rem;
  border-left: 4px solid var(--jp-success-color1);
  background: var(--jp-layout-color2);
  color: var(--jp-ui-font-color1);
}

.himalia-late {
  border-left-color: var(--jp-warn-color1);
}

.himalia-hint {
  color: var(--jp-ui-font-color1);
  font-size: var(--jp-ui-font-size1);
}

.himalia-submit .jp-ToolbarButtonComponent-label,
.himalia-validate .jp-ToolbarButtonComponent-label {
  margin-inline-start: 4px;
}
`,""]),a.d(t,{},{A:i})},314(e){e.exports=function(e){var t=[];return t.toString=function(){return this.map(function(t){var a="",r=void 0!==t[5];return t[4]&&(a+="@supports (".concat(t[4],") {")),t[2]&&(a+="@media ".concat(t[2]," {")),r&&(a+="@layer".concat(t[5].length>0?" ".concat(t[5]):""," {")),a+=e(t),r&&(a+="}"),t[2]&&(a+="}"),t[4]&&(a+="}"),a}).join("")},t.i=function(e,a,r,n,o){"string"==typeof e&&(e=[[null,e,void 0]]);var i={};if(r)for(var l=0;l<this.length;l++){var c=this[l][0];null!=c&&(i[c]=!0)}for(var s=0;s<e.length;s++){var u=[].concat(e[s]);r&&i[u[0]]||(void 0!==o&&(void 0===u[5]||(u[1]="@layer".concat(u[5].length>0?" ".concat(u[5]):""," {").concat(u[1],"}")),u[5]=o),a&&(u[2]&&(u[1]="@media ".concat(u[2]," {").concat(u[1],"}")),u[2]=a),n&&(u[4]?(u[1]="@supports (".concat(u[4],") {").concat(u[1],"}"),u[4]=n):u[4]="".concat(n)),t.push(u))}},t}},601(e){e.exports=function(e){return e[1]}},72(e){var t=[];function a(e){for(var a=-1,r=0;r<t.length;r++)if(t[r].identifier===e){a=r;break}return a}function r(e,r){for(var n={},o=[],i=0;i<e.length;i++){var l=e[i],c=r.base?l[0]+r.base:l[0],s=n[c]||0,u="".concat(c," ").concat(s);n[c]=s+1;var p=a(u),d={css:l[1],media:l[2],sourceMap:l[3],supports:l[4],layer:l[5]};if(-1!==p)t[p].references++,t[p].updater(d);else{var f=function(e,t){var a=t.domAPI(t);return a.update(e),function(t){t?(t.css!==e.css||t.media!==e.media||t.sourceMap!==e.sourceMap||t.supports!==e.supports||t.layer!==e.layer)&&a.update(e=t):a.remove()}}(d,r);r.byIndex=i,t.splice(i,0,{identifier:u,updater:f,references:1})}o.push(u)}return o}e.exports=function(e,n){var o=r(e=e||[],n=n||{});return function(e){e=e||[];for(var i=0;i<o.length;i++){var l=a(o[i]);t[l].references--}for(var c=r(e,n),s=0;s<o.length;s++){var u=a(o[s]);0===t[u].references&&(t[u].updater(),t.splice(u,1))}o=c}}},659(e){var t={};e.exports=function(e,a){var r=function(e){if(void 0===t[e]){var a=document.querySelector(e);if(window.HTMLIFrameElement&&a instanceof window.HTMLIFrameElement)try{a=a.contentDocument.head}catch(e){a=null}t[e]=a}return t[e]}(e);if(!r)throw Error("Couldn't find a style target. This probably means that the value for the 'insert' parameter is invalid.");r.appendChild(a)}},540(e){e.exports=function(e){var t=document.createElement("style");return e.setAttributes(t,e.attributes),e.insert(t,e.options),t}},56(e,t,a){e.exports=function(e){var t=a.nc;t&&e.setAttribute("nonce",t)}},825(e){e.exports=function(e){if("u"<typeof document)return{update:function(){},remove:function(){}};var t=e.insertStyleElement(e);return{update:function(a){var r,n,o;r="",a.supports&&(r+="@supports (".concat(a.supports,") {")),a.media&&(r+="@media ".concat(a.media," {")),(n=void 0!==a.layer)&&(r+="@layer".concat(a.layer.length>0?" ".concat(a.layer):""," {")),r+=a.css,n&&(r+="}"),a.media&&(r+="}"),a.supports&&(r+="}"),(o=a.sourceMap)&&"u">typeof btoa&&(r+="\n/*# sourceMappingURL=data:application/json;base64,".concat(btoa(unescape(encodeURIComponent(JSON.stringify(o))))," */")),e.styleTagTransform(r,t,e.options)},remove:function(){var e;null===(e=t).parentNode||e.parentNode.removeChild(e)}}}},113(e){e.exports=function(e,t){if(t.styleSheet)t.styleSheet.cssText=e;else{for(;t.firstChild;)t.removeChild(t.firstChild);t.appendChild(document.createTextNode(e))}}},579(e,t,a){var r=a(72),n=a.n(r),o=a(825),i=a.n(o),l=a(659),c=a.n(l),s=a(56),u=a.n(s),p=a(540),d=a.n(p),f=a(113),m=a.n(f),h=a(475),v={};v.styleTagTransform=m(),v.setAttributes=u(),v.insert=c().bind(null,"head"),v.domAPI=i(),v.insertStyleElement=d(),n()(h.A,v),h.A&&h.A.locals&&h.A.locals}}]);